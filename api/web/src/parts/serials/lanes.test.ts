import { describe, expect, test } from 'vitest';
import { at, lanesOf, staysOf, type Moved } from './lanes';

const step = (on: string, step: string, more: Partial<Moved> = {}): Moved => ({ on, step, project: 'P001', ...more });
const short = (steps: Moved[], isNew = false) => staysOf(steps, () => isNew).map((s) => `${s.kind} ${s.where} ${s.open ? '' : s.from}..${s.to}`);

describe('where a unit was', () => {
  test('from the depot to the room to the maker and back', () => {
    expect(
      short([
        step('2025-01-01', 'RECEIPT'),
        step('2025-02-01', 'ISSUE'),
        step('2025-02-02', 'INSTALLED', { room: '3-101' }),
        step('2025-02-03', 'CHARGED', { room: '3-101' }),
        step('2025-05-01', 'REMOVED'),
        step('2025-05-02', 'F2_OPENED', { maker: 'M' }),
        step('2025-05-04', 'F2_SHIPPED', { maker: 'M' }),
        step('2025-06-01', 'F2_RETURNED', { reference: 'REPAIRED', maker: 'M' }),
        step('2025-06-03', 'BACK_FROM_MAKER'),
      ]),
    ).toEqual([
      'depot  2025-01-01..2025-02-01',
      'taken  2025-02-01..2025-02-02',
      'inUse 3-101 2025-02-02..2025-05-01',
      'removed  2025-05-01..2025-05-04',
      'maker M 2025-05-04..2025-06-01',
      'toReceive  2025-06-01..2025-06-03',
      'depot  2025-06-03..',
    ]);
  });
  test('a unit that is first heard of when it is taken out had been in use there', () => {
    expect(short([step('2025-03-17', 'REMOVED', { room: '15-1901' })])).toEqual(['inUse 15-1901 ..2025-03-17', 'removed  2025-03-17..']);
  });
  test('what the maker keeps is nowhere of ours; what came instead waits for a receipt', () => {
    const sheet = [step('2025-03-23', 'F2_SHIPPED', { maker: 'M' }), step('2025-04-25', 'F2_RETURNED', { reference: 'REPLACED' })];
    expect(short(sheet)).toEqual(['maker M 2025-03-23..2025-04-25']);
    expect(short(sheet.slice(1), true)).toEqual(['toReceive  2025-04-25..']);
  });
  test('two papers of one shipment are one stay', () => {
    expect(short([step('2025-03-20', 'SHIPPED'), step('2025-03-20', 'F2_SHIPPED', { maker: 'M' })])).toEqual(['maker M 2025-03-20..']);
  });
  test('a place that is reached twice is one lane', () => {
    const stays = staysOf([step('2025-01-01', 'RECEIPT'), step('2025-02-01', 'ISSUE'), step('2025-02-05', 'RETURN')], () => false);
    expect(lanesOf(stays).map((l) => l.stays.length)).toEqual([2, 1]);
  });
  test('a day lies between the ends', () => {
    expect([at('2025-01-01', '2025-01-01', '2025-01-11'), at('2025-01-06', '2025-01-01', '2025-01-11'), at('2026-01-01', '2025-01-01', '2025-01-11')]).toEqual([0, 50, 100]);
  });
});
