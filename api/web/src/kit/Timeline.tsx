import type { ReactNode } from 'react';
import { Clause, Money } from './Basics';
import { shortDay } from './dates';

export interface Step {
  key: string;
  day: string;
  what: ReactNode;
  who?: ReactNode;
  clause?: string | undefined;
  /** What it did to the sum, and what was owed then. */
  amount?: string | undefined;
  then?: string | undefined;
  tone?: 'plain' | 'money' | 'good' | 'watch' | 'bad';
  note?: ReactNode;
}

/** What the figures of a time line are, said where they stand below their step. */
interface Heads {
  amount: string;
  then?: string;
}

/** The life of a record: each step with its day, person and clause, what it moved, what stood then. */
export function Timeline({ steps, heads, chosen, onChoose }: { steps: Step[]; heads?: Heads; chosen?: string | undefined; onChoose?: (key: string) => void }) {
  const figures = steps.some((s) => s.amount !== undefined || s.then !== undefined);
  const then = steps.some((s) => s.then !== undefined);
  return (
    <ol className="timeline">
      {steps.map((s) => {
        const inside = (
          <>
            <span className="day">{shortDay(s.day)}</span>
            <span className="dot" />
            <span className="what">
              {s.what} {s.note && <span className="late">{s.note}</span>}
              <span className="who">
                {s.who} <Clause of={s.clause} />
              </span>
            </span>
            {figures && (
              <span className="figures">
                <span data-head={heads?.amount}>{s.amount !== undefined && <Money of={s.amount} />}</span>
                {then && <span data-head={heads?.then}>{s.then !== undefined && <Money of={s.then} zero />}</span>}
              </span>
            )}
          </>
        );
        return (
          <li key={s.key} data-tone={s.tone ?? 'plain'}>
            {onChoose ? (
              <button type="button" className="step" aria-pressed={chosen === s.key} onClick={() => onChoose(s.key)}>
                {inside}
              </button>
            ) : (
              <div className="step">{inside}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
