import { daysBetween } from '@/kit/dates';

// Where a unit was between its papers: each step that says so ends one stay and
// begins the next. What only names the unit (a charge, a count, an approval) moves nothing.

/** What a step says of the unit's whereabouts. */
export interface Moved {
  on: string;
  step: string;
  project: string;
  room?: string;
  maker?: string;
  reference?: string;
  /** The paper; of an F2, its sheet. */
  document?: string;
  /** The unit that came or went in its place. */
  otherSerial?: string;
}

export type Kind = 'depot' | 'taken' | 'transit' | 'inUse' | 'removed' | 'shelf' | 'maker' | 'toReceive' | 'gone';

export interface Stay {
  kind: Kind;
  project: string;
  /** Room, or maker. */
  where: string;
  from: string;
  /** Empty: it is there still. */
  to: string;
  /** The paper that says it was there came later than its arrival. */
  open: boolean;
}

const kinds: Record<string, Kind> = {
  RECEIPT: 'depot',
  TRANSFER_IN: 'depot',
  RETURN: 'depot',
  BACK_FROM_MAKER: 'depot',
  ISSUE: 'taken',
  TRANSFER_OUT: 'transit',
  INSTALLED: 'inUse',
  REPAIRED_ON_SITE: 'inUse',
  REMOVED: 'removed',
  HANDED_IN: 'shelf',
  SHIPPED: 'maker',
  F2_SHIPPED: 'maker',
  SCRAP: 'gone',
};

function kindOf(s: Moved, serial: { isNew: boolean }): Kind | undefined {
  // A receipt that names another unit is of that one: what was sent for it stays with its maker.
  if (s.step === 'BACK_FROM_MAKER' && s.otherSerial && !serial.isNew) return 'gone';
  if (s.step !== 'F2_RETURNED') return kinds[s.step];
  // The unit that the maker sent instead comes; the one that was sent stays away.
  return s.reference === 'REPAIRED' || (s.reference === 'REPLACED' && serial.isNew) ? 'toReceive' : 'gone';
}

/** The stays of a unit, in order. isNew tells of a step whether this serial is the one that came instead of another. */
export function staysOf<S extends Moved>(steps: readonly S[], isNew: (s: S) => boolean): Stay[] {
  const stays: Stay[] = [];
  // A sheet names the unit that came instead as well: it is the other one that was sent by it.
  const cameBy = new Set(steps.filter((s) => s.step === 'F2_RETURNED' && s.reference === 'REPLACED' && isNew(s)).map((s) => s.document));
  for (const s of steps) {
    const kind = kindOf(s, { isNew: isNew(s) });
    if (!kind || (s.step === 'F2_SHIPPED' && cameBy.has(s.document))) continue;
    const where = kind === 'inUse' ? (s.room ?? '') : kind === 'maker' ? (s.maker ?? '') : '';
    const last = stays.at(-1);
    if (!last && kind === 'removed') stays.push({ kind: 'inUse', project: s.project, where: s.room ?? '', from: s.on, to: s.on, open: true });
    const before = stays.at(-1);
    if (before && !before.to) {
      // Two papers of one stay, as the depot's and the sheet's of one shipment.
      if (before.kind === kind && before.project === s.project && (before.where === where || !where || !before.where)) {
        before.where ||= where;
        continue;
      }
      before.to = s.on;
    }
    if (kind !== 'gone') stays.push({ kind, project: s.project, where, from: s.on, to: '', open: false });
  }
  return stays;
}

/** One lane for each place, in the order in which they were first reached. */
export function lanesOf(stays: readonly Stay[]): { key: string; stays: Stay[] }[] {
  const lanes = new Map<string, Stay[]>();
  for (const s of stays) {
    const key = [s.kind, s.kind === 'maker' || s.kind === 'transit' ? '' : s.project, s.where].join(' ');
    lanes.set(key, [...(lanes.get(key) ?? []), s]);
  }
  return [...lanes].map(([key, own]) => ({ key, stays: own }));
}

/** Where on a line from one date to another a date lies, in percent. */
export function at(day: string, from: string, to: string): number {
  const whole = daysBetween(from, to);
  return whole <= 0 ? 0 : Math.max(0, Math.min(100, (daysBetween(from, day) * 100) / whole));
}
