import type { Address } from '@/kit/address';
import type { RowOf } from '@/kit/view';
import { pages } from './pages';

export type Found = RowOf<'/v1/search'>;

const matches = (path: string) =>
  pages.some((p) => {
    const [a, b] = [p.path.split('/'), path.split('/')];
    return a.length === b.length && a.every((part, i) => part.startsWith(':') || part === b[i]);
  });

/** The address at which a thing that was found is shown; undefined where no page shows it yet. */
export function placeOf(f: Found, to: Address['to']): string | undefined {
  if (f.kind === 'PAYMENT_REQUEST') return to('/payables', { request: f.id });
  // A line of F1 is read among those of its month.
  if (f.kind === 'FAULT_LINE') return to('/parts/verify', { month: f.on.slice(0, 7), project: f.project, line: f.id });
  if (f.kind === 'QUOTE') return to('/quotes', { center: f.center });
  const id = encodeURIComponent(f.id);
  const path = {
    CENTER: `/centers/${id}`,
    PROJECT: `/projects/${id}`,
    TICKET: `/tickets/${id}`,
    CHARGE: `/charges/${f.center}/${id}`,
    PAYMENT: `/payments/${f.center}/${id}`,
    RETURN: `/repairs/${id}`,
    SLIP: `/slips/${id}`,
    PART: `/parts/${id}`,
    SERIAL: `/serials/${id}`,
    REQUISITION: `/requisitions/${id}`,
  }[f.kind];
  return path && matches(path) ? to(path) : undefined;
}
