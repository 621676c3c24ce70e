import { beforeEach, expect, test } from 'vitest';
import { faultOf, rulesOf } from '@/api/rules';
import { draftName, keep, Keyed } from './Form';

beforeEach(() => sessionStorage.clear());

test('the same content keeps its key: a double click books once', () => {
  const keyed = new Keyed('draft');
  const first = keyed.of({ amount: '1.00' });
  expect(keyed.of({ amount: '1.00' })).toBe(first);
  expect(keyed.of({ amount: '2.00' })).not.toBe(first);
});

test('a key outlives the page, and ends when the command was recorded', () => {
  const key = new Keyed('draft').of({ amount: '1.00' });
  const again = new Keyed('draft');
  expect(again.of({ amount: '1.00' })).toBe(key);
  again.done();
  expect(again.of({ amount: '1.00' })).not.toBe(key);
});

test('what may be typed is read from the document', () => {
  const rules = rulesOf(
    {
      paths: { '/v1/x': { post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/X' } } } } } } },
      components: { schemas: { X: { required: ['reason'], properties: { reason: { type: 'string', minLength: 1, maxLength: 3 } } } } },
    },
    '/v1/x',
  );
  expect(faultOf(rules, 'reason', '')).toBeTruthy();
  expect(faultOf(rules, 'reason', '好好好好')).toBeTruthy();
  expect(faultOf(rules, 'reason', '好')).toBeUndefined();
  expect(faultOf(undefined, 'reason', '')).toBeUndefined();
});

test('the tag of a record goes with the commands of one record alone', () => {
  const doc = { paths: { '/one': { post: { parameters: [{ name: 'Idempotency-Key' }, { name: 'If-Match' }] } }, '/many': { post: { parameters: [{ name: 'Idempotency-Key' }] } } }, components: { schemas: {} } };
  expect([rulesOf(doc, '/one').ofOneRecord, rulesOf(doc, '/many').ofOneRecord]).toEqual([true, false]);
});

test('what is typed of one record is never filled in for another of the same number', () => {
  const at = (center: string) => draftName('keep.SF-1', { center, charge: 'SF-1' });
  expect(at('C01')).not.toBe(at('C02'));
  expect(at('C01')).toBe(at('C01'));
  expect(draftName('requisition.new', undefined)).toBe('ledger.draft.requisition.new');
});

test('text that is too large for the tab is kept by the page alone: nothing older takes its place', () => {
  keep('draft', 'short');
  const { setItem } = sessionStorage;
  sessionStorage.setItem = () => {
    throw new DOMException('', 'QuotaExceededError');
  };
  try {
    expect(() => keep('draft', 'huge')).not.toThrow();
  } finally {
    sessionStorage.setItem = setItem;
  }
  expect(sessionStorage.getItem('draft')).toBeNull();
});
