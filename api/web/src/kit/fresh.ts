import { useSyncExternalStore } from 'react';
import type { Freshness } from '@/api/client';

// What the figures on the screen rest on: every answer says it, the bar under the
// head shows the latest.

export interface Basis {
  asOf: string;
  knownAt: string;
  readModel: Freshness;
  /** When it arrived here, in milliseconds of the machine's clock. */
  arrived: number;
}

let latest: Basis | undefined;
const listeners = new Set<() => void>();
const subscribe = (l: () => void) => {
  listeners.add(l);
  return () => listeners.delete(l);
};

export function report(b: Omit<Basis, 'arrived'>): void {
  latest = { asOf: b.asOf, knownAt: b.knownAt, readModel: b.readModel, arrived: Date.now() };
  listeners.forEach((l) => l());
}

// Whoever opens an address right after their act, in this tab or in another, is not to be told that there is no such thing:
// the figures follow the log within a moment, so that a minute is kept, and no longer.
const store = 'ledger.wrote';
const minute = 60_000;

function kept(): number {
  try {
    const [position, at] = JSON.parse(localStorage.getItem(store) ?? '[]') as unknown[];
    return typeof position === 'number' && typeof at === 'number' && Math.abs(Date.now() - at) < minute ? position : 0;
  } catch {
    return 0; // no store here, or what stands in it is another's
  }
}

/** Where in the log my last command stands. */
let wrote = kept();

/** A command was answered: what is asked from now on is to show its effect. */
export function recorded(outcome: unknown): void {
  const position = outcome && typeof outcome === 'object' && 'position' in outcome ? outcome.position : undefined;
  if (typeof position !== 'number' || position <= wrote) return;
  wrote = position;
  try {
    localStorage.setItem(store, JSON.stringify([position, Date.now()]));
  } catch {
    // it is known to this page
  }
  listeners.forEach((l) => l());
}

/** What a question adds, so that nobody sees figures from before their own act; what was known earlier is as it was. */
export const afterMine = (knownAt: string | undefined): { after?: number } => (wrote && !knownAt ? { after: wrote } : {});

/** Tells of an answer whether it is from before my last command: it is pale until the next is here. */
export function useBeforeMine(): (answer: unknown, knownAt: string | undefined) => boolean {
  const mine = useSyncExternalStore(subscribe, () => wrote);
  return (answer, knownAt) => !knownAt && !!answer && typeof answer === 'object' && 'readModel' in answer && (answer as { readModel: Freshness }).readModel.position < mine;
}

export const useBasis = (): Basis | undefined => useSyncExternalStore(subscribe, () => latest);
