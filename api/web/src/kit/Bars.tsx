import type { ReactNode } from 'react';
import { fen, money, share, type Fen } from './fen';
import { say } from './say';
import { clauses } from './words';

/** Open money by days late, in the order of the legend. */
export interface Ageing {
  notDue: string;
  late1To30: string;
  late31To60: string;
  late61To90: string;
  late91To180: string;
  late181To365: string;
  lateOver365: string;
}

export const ages = ['notDue', 'late1To30', 'late31To60', 'late61To90', 'late91To180', 'late181To365', 'lateOver365'] as const;

export const ageName = (age: (typeof ages)[number]): string => {
  const range = { late1To30: '1–30', late31To60: '31–60', late61To90: '61–90', late91To180: '91–180', late181To365: '181–365', lateOver365: '> 365' };
  return age === 'notDue' ? say('notDue') : say('days', { range: range[age] });
};

export const overdue = (a: Ageing): Fen => ages.slice(1).reduce((t, age) => t + fen(a[age]), 0n);

/** One bar to the scale of its list: as long as its sum is of the largest one. */
export function AgeingBar({ of, scale }: { of: Ageing; scale: Fen }) {
  const parts = ages.filter((age) => fen(of[age]) > 0n);
  const says = clauses(...parts.map((age) => `${ageName(age)} ${money(of[age])}`));
  return (
    <div className="bar" role="img" aria-label={says || '0'} title={says}>
      {parts.map((age) => (
        <i key={age} className={`age-${ages.indexOf(age)}`} style={{ width: `${share(fen(of[age]), scale)}%` }} />
      ))}
    </div>
  );
}

/** The colour of an age, before its name. */
export const AgeMark = ({ age }: { age: (typeof ages)[number] }) => <i className={`swatch age-${ages.indexOf(age)}`} aria-hidden="true" />;

export const AgeingLegend = () => (
  <div className="legend" aria-hidden="true">
    {ages.map((age) => (
      <span key={age}>
        <AgeMark age={age} />
        {ageName(age)}
      </span>
    ))}
  </div>
);

/** How much of a whole is done; the figures stand beside it. */
export const Meter = ({ done, of, label }: { done: Fen; of: Fen; label: string }) => (
  <div className="meter" role="img" aria-label={label}>
    <i style={{ width: `${share(done, of)}%` }} />
  </div>
);

/** How far something has come, step by step. */
export const Steps = ({ states, label }: { states: ('done' | 'watch' | 'open')[]; label: string }) => (
  <div className="steps" role="img" aria-label={label} title={label}>
    {states.map((s, i) => (
      <i key={i} data-state={s} />
    ))}
  </div>
);

export interface Rank {
  key: string;
  label: ReactNode;
  /** How long its bar is, all of one list to one scale; the second part comes after the first. */
  size: bigint;
  rest?: bigint;
  /** The figures that the bar is drawn from. */
  figures: ReactNode;
  chosen?: boolean;
}

/** What the two parts of each bar are, by their colours: which of them is the darker depends on the scheme. */
export const RankingLegend = ({ size, rest }: { size: string; rest: string }) => (
  <span className="legend">
    <span><i className="swatch ranked" />{size}</span>
    <span><i className="swatch ranked rest" />{rest}</span>
  </span>
);

/** Bars one below the other, each with its name before it and its figures after it. */
export function Ranking({ of, label, onChoose }: { of: Rank[]; label: string; onChoose?: (key: string) => void }) {
  const scale = of.reduce((most, r) => (r.size + (r.rest ?? 0n) > most ? r.size + (r.rest ?? 0n) : most), 0n);
  return (
    <ol className="ranking" aria-label={label}>
      {of.map((r) => {
        const inside = (
          <>
            <span>{r.label}</span>
            <span className="bar" aria-hidden="true">
              <i className="ranked" style={{ width: `${share(r.size, scale)}%` }} />
              {r.rest ? <i className="ranked rest" style={{ width: `${share(r.rest, scale)}%` }} /> : null}
            </span>
            <span className="num">{r.figures}</span>
          </>
        );
        return (
          <li key={r.key}>
            {onChoose ? (
              <button type="button" aria-pressed={r.chosen ?? false} onClick={() => onChoose(r.key)}>{inside}</button>
            ) : (
              <div>{inside}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
