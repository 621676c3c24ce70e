import { expect, test } from 'vitest';
import { versionsThen } from './then';

const version = (n: number, issuedOn: string, more: object = {}) => ({ version: n, issuedOn, status: 'CONFIRMED', awaiting: [], ...more }) as unknown as Parameters<typeof versionsThen>[0][number];

test('a version that was issued later was not there, nor was its answer, its report or a dispute', () => {
  const dispute = { on: '2025-11-02', endedOn: '2025-11-20', end: 'REJECTED', reason: 'not done' };
  const all = [
    version(1, '2025-10-05', { answeredOn: '2025-10-08', answeredBy: 'head', report: { on: '2025-10-09' } }),
    version(2, '2025-10-21', { answeredOn: '2025-11-02', answeredBy: 'head', answer: { disputed: '1.00' }, report: { on: '2025-11-21' }, awaiting: [{ charge: 'A', disputed: false, dispute }] }),
  ];
  const on = (day: string) => versionsThen(all, day);
  expect(on('2020-01-01')).toEqual([]);
  expect(on('2025-10-05').map((v) => [v.version, v.status, v.answeredBy, v.report])).toEqual([[1, 'ISSUED', undefined, undefined]]);
  expect(on('2025-10-31').map((v) => [v.version, v.status, v.answer])).toEqual([[1, 'CONFIRMED', undefined], [2, 'ISSUED', undefined]]);
  expect(on('2025-10-31')[1]?.awaiting?.[0]?.dispute).toBeUndefined();
  expect(on('2025-11-10')[1]?.awaiting?.[0]?.dispute).toEqual({ on: '2025-11-02', reason: 'not done' });
  expect(on('2025-11-20')[1]?.awaiting?.[0]?.dispute).toEqual(dispute);
  expect([on('2025-11-20')[1]?.report, on('2025-11-21')[1]?.report]).toEqual([undefined, { on: '2025-11-21' }]);
});
