import { Fragment, type ReactNode } from 'react';
import { fen, money, type Fen } from './fen';

// What the foot of a table proves. A tick stands for figures that its reader can see: those
// of a column, by the column's own head, any other beside its name. Where one of them was not
// read, or where there is nothing to add up, there is no tick.

type Amount = string | Fen | null | undefined;

/** One amount of a sum: the column whose total it is, or what it is called where no column shows it. */
export interface Term {
  of: Amount;
  column?: string;
  says?: string;
  minus?: boolean;
}

/** Terms that make a sum, which each row or the server bears out as well; or something else that was found from amounts. */
export type Tie =
  | { terms: readonly Term[]; makes: Term; each?: boolean }
  | { says: ReactNode; holds: boolean; of: readonly Amount[]; columns?: readonly string[] };

interface Head {
  key: string;
  head: string;
  wide?: boolean | 'desk';
}

const fenOf = (a: string | Fen): Fen => (typeof a === 'bigint' ? a : fen(a));

/** The name of a term, with its figure where the table does not show it. */
function Named({ term, heads }: { term: Term; heads: readonly Head[] }) {
  const column = heads.find((c) => c.key === term.column);
  const name = term.says ?? column?.head.replace(/^[+−±=] /, '') ?? '';
  const figure = money(fenOf(term.of ?? '0'));
  if (!column) return <span data-term="">{name} {figure}</span>;
  return (
    <span data-term={column.key}>
      {name}
      {column.wide && <span className="when-narrow"> {figure}</span>}
    </span>
  );
}

/** What a tie says and whether it holds; nothing where it stands for no figures. */
export function told(tie: Tie, heads: readonly Head[]): { says: ReactNode; holds: boolean } | undefined {
  const amounts = 'terms' in tie ? [...tie.terms, tie.makes].map((t) => t.of) : tie.of;
  const read = amounts.flatMap((a) => (a === null || a === undefined ? [] : [fenOf(a)]));
  if (read.length < amounts.length || read.every((a) => a === 0n)) return undefined;
  if (!('terms' in tie)) return { says: <span data-term={tie.columns?.join(' ') ?? ''}>{tie.says}</span>, holds: tie.holds };
  const made = tie.terms.reduce((t, term) => t + (term.minus ? -1n : 1n) * fenOf(term.of ?? '0'), 0n);
  return {
    says: (
      <>
        {tie.terms.map((term, i) => (
          <Fragment key={i}>
            {i > 0 || term.minus ? (term.minus ? ' − ' : ' + ') : ''}
            <Named term={term} heads={heads} />
          </Fragment>
        ))}
        {' = '}
        <Named term={tie.makes} heads={heads} />
      </>
    ),
    holds: made === fenOf(tie.makes.of ?? '0') && tie.each !== false,
  };
}
