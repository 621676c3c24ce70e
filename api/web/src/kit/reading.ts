import { createContext } from 'react';
import { Refused } from '@/api/client';

// Whether what a page is about has been read. What has not is never counted: no figure
// in its head, no count at its filters, no act for who may not even see it.

/** A question as it stands: what useView returns, and the `of` of useRows. */
export interface Standing {
  data: unknown;
  error: Error | null;
  isPlaceholderData?: boolean;
}

/** Pale: of another cut, until the next figures are here. Withheld: not for who asks, or of a day before the books. */
export type Reading = 'read' | 'pale' | 'unread' | 'withheld';

export const Read = createContext<Reading>('read');

const status = (err: Error | null): number => (err instanceof Refused ? err.problem.status : err ? 500 : 200);

/** Who asked may not see it. */
export const forbidden = (err: Error | null): boolean => status(err) === 403;

/** It cannot be read just now: nobody answered, or not as they should. */
export const away = (err: Error | null): boolean => status(err) === 0 || status(err) >= 500;

/** The day that was asked for is before the first that is told of. */
export const beforeTheBooks = (err: Error | null): boolean => err instanceof Refused && err.problem.type.endsWith(':before-the-books');

/**
 * Asking again may bring another answer. What was refused for what it asks is refused again, and what is not there is asked
 * for by the page itself as soon as anything is recorded.
 */
export const mayChange = (err: Error | null): boolean => away(err) || [401, 409, 429].includes(status(err));

/** How far a page has been read that asks several questions. */
export function readingOf(all: readonly Standing[]): Reading {
  if (all.some((q) => forbidden(q.error) || beforeTheBooks(q.error))) return 'withheld';
  if (all.some((q) => q.error || q.data === undefined)) return 'unread';
  return all.some((q) => q.isPlaceholderData) ? 'pale' : 'read';
}
