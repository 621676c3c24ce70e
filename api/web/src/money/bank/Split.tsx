import { useEffect, useRef, useState } from 'react';
import { Button, Money } from '@/kit/Basics';
import { count, fen, money, readAmount, yuan, type Fen } from '@/kit/fen';
import { Panel } from '@/kit/Panel';
import { Answered } from '@/kit/States';
import { useRows } from '@/kit/view';
import { say } from './say';
import type { Offer } from './sitting';

export interface Part {
  charge: string;
  amount: string;
}

/** A line over several charges of one center: the amounts must add up to the line's. */
export function Split({ amount, offer, cancel, accept }: { amount: string; offer: Offer; cancel: () => void; accept: (parts: Part[]) => void }) {
  const q = useRows('/v1/charges', { query: { center: offer.center, openOnly: true, sort: 'dueOn' }, uncut: true });
  const [typed, type] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries((offer.designation ?? []).map((d) => [d.charge, money(d.amount)])));
  const form = useRef<HTMLFormElement>(null);
  const ready = Boolean(q.first);
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input')?.focus(), [ready]);
  const read = (charge: string): Fen | undefined => {
    const t = typed[charge]?.trim();
    if (!t) return 0n;
    const r = readAmount(t);
    return 'amount' in r ? fen(r.amount) : undefined;
  };
  const parts = Object.keys(typed).flatMap((charge) => {
    const f = read(charge);
    return f ? [{ charge, amount: yuan(f) }] : [];
  });
  const bad = Object.keys(typed).some((c) => read(c) === undefined);
  // What is named stands first.
  const first = new Set((offer.designation ?? []).map((d) => d.charge));
  const rows = [...q.rows.filter((r) => first.has(r.charge)), ...q.rows.filter((r) => !first.has(r.charge))];
  const left = fen(amount) - parts.reduce((t, p) => t + fen(p.amount), 0n);
  const fill = (charge: string, open: string) => {
    const own = read(charge) ?? 0n;
    const may = left + own;
    const f = fen(open) < may ? fen(open) : may;
    type({ ...typed, [charge]: f > 0n ? money(f) : '' });
  };
  return (
    <Panel title={say('splitTitle')} note={`${offer.center} ${offer.name}`} bare>
      <form
        ref={form}
        className="split"
        onSubmit={(e) => {
          e.preventDefault();
          if (left === 0n && !bad) accept(parts);
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.nativeEvent.isComposing || e.keyCode === 229)) e.preventDefault();
          if (e.key === 'Escape') cancel();
        }}
      >
        <div className="split-rows">
          <Answered of={q.of} rows={6}>
            {() => (
              <table className="table plain-table">
                <thead>
                  <tr>
                    <th scope="col">{say('splitCharge')}</th>
                    <th scope="col" className="num">{say('splitOpen')}</th>
                    <th scope="col" className="num">{say('splitPay')}</th>
                    <th scope="col"><span className="unseen">{say('splitFill')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((r) => (
                    <tr key={r.charge}>
                      <td>
                        {r.charge}
                        <span className="line-says">{[r.occurredOn, r.project, r.room, r.service].filter(Boolean).join(' ')}</span>
                      </td>
                      <td className="num"><Money of={r.open} /></td>
                      <td className="num">
                        <input
                          inputMode="decimal"
                          autoComplete="off"
                          aria-label={`${say('splitPay')} ${r.charge}`}
                          aria-invalid={read(r.charge) === undefined || undefined}
                          title={read(r.charge) === undefined ? say('splitBad') : undefined}
                          value={typed[r.charge] ?? ''}
                          onChange={(e) => type({ ...typed, [r.charge]: e.target.value })}
                        />
                      </td>
                      <td className="tight"><Button kind="quiet" onClick={() => fill(r.charge, r.open ?? '')}>{say('splitFill')}</Button></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Answered>
        </div>
        {q.more.has && <div className="split-sum"><Button kind="quiet" busy={q.more.busy} onClick={() => q.more.ask()}>…</Button></div>}
        <p className="split-sum soft">{say('splitOnlyOne')}</p>
        <div className="split-sum">
          <span role="status" className={left === 0n ? 'proved' : 'late'}>{left === 0n ? `✓ ${say('splitEven', { sum: money(amount) })}` : left > 0n ? say('splitLeft', { done: money(fen(amount) - left), sum: money(left) }) : say('splitOver', { done: money(fen(amount) - left), sum: money(-left) })}</span>
          <Button type="submit" kind="main" disabled={left !== 0n || bad || !parts.length}>{say('splitDo', { n: count(parts.length) })}</Button>
          <Button onClick={cancel}>{say('cancel')}</Button>
        </div>
      </form>
    </Panel>
  );
}
