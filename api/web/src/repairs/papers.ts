import type { RowOf } from '@/kit/view';
import { say } from './say';

type Row = RowOf<'/v1/repairs'>;

/** What tells rows apart: a sheet's number, or the unit of a batch that no sheet follows. */
export const idOf = (r: Row) => r.return || [r.project, r.shipment, r.part, r.serial].join(' ');

/** The document that a row stands on. */
export const paperOf = (r: Row) => r.return || say(r.units > 1 ? 'batchUnits' : 'batchPaper', { batch: r.shipment ?? '', away: r.away, n: r.units });

/** Where a row leads: to its sheet, to the unit, or to what else its project sent. */
export const pathOf = (r: Row) => (r.return ? `/repairs/${r.return}` : r.serial ? `/serials/${encodeURIComponent(r.serial)}` : `/repairs?project=${r.project}`);
