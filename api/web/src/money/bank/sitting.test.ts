import { describe, expect, it } from 'vitest';
import { agrees, goes, nextOpen, standOf, type Act, type Line } from './sitting';

const line = (row: number, rest: Partial<Line> = {}) => ({ row, cell: `第 ${row} 行`, status: 'NEW', amount: '100.00', payer: '云栖花园物业服务中心', proposals: [], reason: { zh: '', en: '' }, ...rest }) as Line;
const act = (row: number, state: Act['state']): Act => ({ at: '', row, state, payer: '', amount: '100.00' });

describe('where money goes', () => {
  it('settles what is named, then what is due the longest, and leaves the rest', () => {
    expect(goes(10_000n, 4_000n, 7_000n)).toEqual({ named: 4_000n, oldest: 3_000n, left: 3_000n });
    expect(goes(10_000n, 10_000n, 20_000n)).toEqual({ named: 10_000n, oldest: 0n, left: 0n });
    expect(goes(10_000n, 0n, -500n)).toEqual({ named: 0n, oldest: 0n, left: 10_000n });
  });
});

describe('where a line stands', () => {
  it('is by what was done last', () => {
    expect(standOf(line(2), [])).toBe('open');
    expect(standOf(line(2), [act(2, 'refused'), act(2, 'aside')])).toBe('open');
    expect(standOf(line(2), [act(2, 'back'), act(2, 'aside')])).toBe('open');
    expect(standOf(line(2), [act(3, 'booked'), act(2, 'aside')])).toBe('aside');
    expect(standOf(line(2, { status: 'OUTGOING' }), [])).toBe('other');
    expect(standOf(line(2, { status: 'BOOKED' }), [])).toBe('booked');
  });
  it('goes on to the next that is open, and round at the end', () => {
    const lines = [line(2), line(3), line(4)];
    expect(nextOpen(lines, new Set([2, 4]), 3)?.row).toBe(4);
    expect(nextOpen(lines, new Set([2, 4]), 4)?.row).toBe(2);
    expect(nextOpen(lines, new Set([4]), 4)).toBeUndefined();
  });
});

describe('what agrees', () => {
  it('is number, name and amount, each by itself', () => {
    const offer = { center: 'C01', name: '云栖花园物业服务中心', confidence: 99, names: [], designation: [{ charge: 'A', amount: '60.00' }, { charge: 'B', amount: '40.00' }], reason: { zh: '', en: '' } };
    expect(agrees(line(2), offer)).toEqual({ number: false, name: true, amount: true });
    expect(agrees(line(2, { payer: '王*' }), { ...offer, names: ['A'], designation: [] })).toEqual({ number: true, name: false, amount: false });
  });
});
