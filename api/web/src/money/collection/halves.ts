import { plusQuarters, quarterOf } from '@/kit/dates';

/** The last half-years that ended, the newest first: 2026H1. */
export function halves(day: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const q = plusQuarters(quarterOf(day), -2 * (i + 1));
    return `${q.slice(0, 4)}H${q > `${q.slice(0, 4)}Q2` ? '2' : '1'}`;
  });
}
