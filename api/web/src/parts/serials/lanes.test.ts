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
  test('the receipt of what came instead puts the unit that was sent into no depot', () => {
    const papers = [step('2025-10-03', 'F2_SHIPPED', { maker: 'M' }), step('2025-10-19', 'F2_RETURNED', { reference: 'REPLACED', otherSerial: 'NEW' }), step('2025-10-19', 'BACK_FROM_MAKER', { otherSerial: 'NEW' })];
    expect(short(papers)).toEqual(['maker M 2025-10-03..2025-10-19']);
    expect(short([step('2025-10-03', 'SHIPPED'), step('2025-10-19', 'BACK_FROM_MAKER', { otherSerial: 'NEW' })])).toEqual(['maker  2025-10-03..2025-10-19']);
    expect(short([step('2025-10-19', 'BACK_FROM_MAKER', { otherSerial: 'OLD' })], true)).toEqual(['depot  2025-10-19..']);
  });
  test('what came instead was at no maker before that we had sent it to', () => {
    const papers = [step('2025-10-03', 'F2_SHIPPED', { document: 'F2-8', maker: 'M' }), step('2025-10-19', 'F2_RETURNED', { document: 'F2-8', reference: 'REPLACED', otherSerial: 'OLD' }), step('2025-10-19', 'RECEIPT', { otherSerial: 'OLD' })];
    expect(short(papers, true)).toEqual(['toReceive  2025-10-19..2025-10-19', 'depot  2025-10-19..']);
    expect(short([...papers, step('2026-02-01', 'F2_SHIPPED', { document: 'F2-9', maker: 'M' })], true).at(-1)).toBe('maker M 2026-02-01..');
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
