import { beforeEach, expect, test } from 'vitest';
import { faultOf, rulesOf } from '@/api/rules';
import { Keyed } from './Form';

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
