import { fen, type Fen } from '@/kit/fen';

interface Counted {
  project: string;
  part: string;
  count?: { unexplained: { quantity: string; value: string | null } };
}

interface Listed {
  project: string;
  part: string;
  class: string;
  quantity: string;
  value: string | null;
}

/** A quantity in thousandths, as the server keeps it. */
const thousandths = (q: string): bigint => {
  const [whole = '0', rest = ''] = q.replace('-', '').split('.');
  return (q.startsWith('-') ? -1n : 1n) * BigInt(whole + rest.padEnd(3, '0'));
};

/**
 * From what a month's counts leave unexplained to what the findings list of it: a finding is valued at the cost of the day
 * whose sheet first showed it, the month's count at that of its own. What is the same in units differs by cost alone; the
 * rest is listed by one of them only. Undefined where something was not valued.
 */
export function variance(rows: readonly Counted[], findings: readonly Listed[]): { counted: Fen; listed: Fen; cost: Fen; rest: Fen } | undefined {
  const by = new Map<string, { counted: Fen; listed: Fen; units: bigint }>();
  const at = (r: { project: string; part: string }) => {
    const key = `${r.project} ${r.part}`;
    const sums = by.get(key) ?? { counted: 0n, listed: 0n, units: 0n };
    by.set(key, sums);
    return sums;
  };
  for (const r of rows) {
    if (!r.count || thousandths(r.count.unexplained.quantity) === 0n) continue;
    if (r.count.unexplained.value === null) return undefined;
    const sums = at(r);
    sums.counted += fen(r.count.unexplained.value);
    sums.units += thousandths(r.count.unexplained.quantity);
  }
  for (const f of findings) {
    if (f.value === null) return undefined;
    const sign = f.class === 'COUNT_SHORT' ? -1n : 1n;
    const sums = at(f);
    sums.listed += sign * fen(f.value);
    sums.units -= sign * thousandths(f.quantity);
  }
  const total = { counted: 0n, listed: 0n, cost: 0n, rest: 0n };
  for (const { counted, listed, units } of by.values()) {
    total.counted += counted;
    total.listed += listed;
    total[units === 0n ? 'cost' : 'rest'] += counted - listed;
  }
  return total;
}
