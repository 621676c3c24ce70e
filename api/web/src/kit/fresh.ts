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

export function report(b: Omit<Basis, 'arrived'>): void {
  latest = { asOf: b.asOf, knownAt: b.knownAt, readModel: b.readModel, arrived: Date.now() };
  listeners.forEach((l) => l());
}

export const useBasis = (): Basis | undefined =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => latest,
  );
