import { useCallback, useState } from 'react';
import type { Kept } from '@/kit/File';

// What a center's head has ticked so far: kept on the device, so that a call, a
// closed tab or a dead battery loses nothing. A decision is of an amount: it falls
// away when a newer version asks another amount for the same charge.

export interface Decision {
  open: string;
  /** Absent: confirmed. */
  reason?: string;
  /** What bears the reason out. */
  papers?: Kept[];
}
export type Decisions = Readonly<Record<string, Decision>>;

const read = (key: string): Decisions => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return kept && typeof kept === 'object' ? (kept as Decisions) : {};
  } catch {
    return {};
  }
};

const write = (key: string, d: Decisions): void => {
  try {
    localStorage.setItem(key, JSON.stringify(d));
  } catch {
    // A device that keeps nothing still answers.
  }
};

/** Those decisions that are of lines that are asked, at the amounts that are asked. */
export function standing(kept: Decisions, asked: readonly { charge: string; open: string }[]): Decisions {
  const held: Record<string, Decision> = {};
  for (const a of asked) {
    const d = kept[a.charge];
    if (d && d.open === a.open) held[a.charge] = d;
  }
  return held;
}

/** The decisions on one statement. */
export function useDecisions(statement: string) {
  const key = `ledger.answer.${statement}`;
  const [all, setAll] = useState(() => read(key));
  const [restored] = useState(() => Object.keys(all).length > 0);
  const decide = useCallback(
    (changes: Record<string, Decision | undefined>) => {
      setAll((old) => {
        const next = { ...old };
        for (const [charge, d] of Object.entries(changes)) {
          if (d) next[charge] = d;
          else delete next[charge];
        }
        write(key, next);
        return next;
      });
    },
    [key],
  );
  const clear = useCallback(() => {
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
    setAll({});
  }, [key]);
  return { all, decide, clear, restored };
}
