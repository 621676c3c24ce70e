import { clock, dayOf } from '@/kit/dates';

interface Dated {
  at: string;
  recordedAt: string;
  position: number;
}

/**
 * Steps in the order in which they happened, however late they were entered. Of one that has a day and no hour, the hour
 * of its entry counts, or the day's end where it was entered later.
 */
export function inOrder<S extends Dated>(steps: readonly S[]): S[] {
  const hour = (s: S) => Date.parse(clock(s.at) === '00:00' ? s.recordedAt : s.at);
  return [...steps].sort((a, b) => dayOf(a.at).localeCompare(dayOf(b.at)) || hour(a) - hour(b) || a.position - b.position);
}
