import { useContext, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { fen, isZero, money, quantity } from './fen';
import { Read } from './reading';
import { say } from './say';

/** Kinds of button: the one act of a page, another act, one that destroys, one that is a word in a row. */
export type Kind = 'main' | 'plain' | 'danger' | 'quiet';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  /** The key that does the same; it is shown, whoever uses it binds it. */
  hotkey?: string;
  busy?: boolean;
}

export function Button({ kind = 'plain', hotkey, busy, disabled, children, onClick, ...rest }: ButtonProps) {
  const off = disabled || busy;
  return (
    <button
      type="button"
      className="button"
      data-kind={kind}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      data-keys={hotkey}
      onClick={off ? (e) => e.preventDefault() : onClick}
      {...rest}
    >
      {children}
      {hotkey && <kbd className="key">{hotkey}</kbd>}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere. */
export function GoButton({ to, kind = 'plain', children }: { to: string; kind?: Kind; children: ReactNode }) {
  return (
    <Link href={to} className="button" data-kind={kind}>
      {children}
    </Link>
  );
}

/** One key as it is printed on a keyboard. */
export const Key = ({ children }: { children: string }) => <kbd className="key">{children}</kbd>;

export interface Choice {
  value: string;
  label: ReactNode;
  /** Of what has been read; a page that has not been read counts nothing. */
  count?: number | undefined;
}

interface ChipsProps {
  label: string;
  value: string;
  choices: Choice[];
  onChoose: (value: string) => void;
  /** The parameter of the address that keeps the choice, where these are all it can be: another word there is said to be none of them. */
  at?: string | undefined;
}

/** One of a few filters; whoever uses it keeps the choice in the address. */
export function Chips({ label, value, choices, onChoose, at }: ChipsProps) {
  const reading = useContext(Read);
  const counts = reading === 'read' || reading === 'pale';
  const given = new URLSearchParams(useSearch()).get(at ?? '') ?? '';
  return (
    <div className="chips" role="group" aria-label={label}>
      {given && choices.length > 0 && !choices.some((c) => c.value === given) && <NotUnderstood given={given} />}
      {choices.map((c) => (
        <button key={c.value} type="button" className="chip" aria-pressed={c.value === value} onClick={() => onChoose(c.value)}>
          {c.label}
          {counts && c.count !== undefined && <span className={reading === 'pale' ? 'stale' : undefined}>{c.count}</span>}
        </button>
      ))}
    </div>
  );
}

/** A word of the address that is no choice of this page, beside the figures that do without it. */
export const NotUnderstood = ({ given }: { given: string }) => (
  <span role="alert" className="late">
    {say('addressWrong', { given: given.length > 24 ? `${given.slice(0, 24)}…` : given })}
  </span>
);

export type Tone = 'good' | 'watch' | 'bad' | 'mark' | 'plain';

/** The state of something, in the trade's word. */
export const Badge = ({ tone = 'plain', children }: { tone?: Tone | undefined; children: ReactNode }) => (
  <span className="badge" data-tone={tone}>
    {children}
  </span>
);

/** What a rule rests on: a clause of the after-sales procedure, or what must always hold. */
export const Clause = ({ of }: { of: string | undefined }) =>
  of ? (
    <span className="clause" title={/^\d/.test(of) ? say('clause', { clause: of }) : undefined}>
      {of === 'Money' ? say('clauseMoney') : of === 'every' ? say('clauseEvery') : of}
    </span>
  ) : null;

/** An amount. Zero is a dash in soft ink, so that figures stand out; what the reader may not see is nothing at all. */
export function Money({ of, tone, zero = false }: { of: string | bigint | null; tone?: 'late' | 'wrong' | 'proved' | undefined; zero?: boolean }) {
  if (of === null) return null;
  const text = typeof of === 'bigint' ? money(of) : of;
  const nothing = typeof of === 'bigint' ? of === 0n : isZero(of);
  if (nothing && !zero) return <Zero />;
  return <span className={tone}>{typeof of === 'bigint' ? text : money(of)}</span>;
}

/** What is nothing. */
export const Zero = () => (
  <span className="zero">
    <span aria-hidden="true">–</span>
    <span className="unseen">{say('zero')}</span>
  </span>
);

export const Quantity = ({ of }: { of: string }) => (isZero(of) ? <Zero /> : <>{quantity(of)}</>);

/** What was proved: a sum that holds, or by how much it does not. */
export function Proof({ holds, children }: { holds: boolean; children: ReactNode }) {
  return (
    <span className={holds ? 'proved' : 'wrong'}>
      <span aria-hidden="true">{holds ? '✓ ' : '✕ '}</span>
      {children}
    </span>
  );
}

/** A sum against the one that it came from: "equal", or by how much it differs. */
export function Footing({ parent, here, children }: { parent: string; here: string; children?: ReactNode }) {
  const by = fen(here) - fen(parent);
  return (
    <Proof holds={by === 0n}>
      {children} {money(here)} {by === 0n ? say('equal') : say('differs', { by: money(by) })}
    </Proof>
  );
}
