import { expect, test } from 'vitest';
import { standing } from './draft';

test('a decision stands while the same amount is asked', () => {
  const kept = { A: { open: '10.00' }, B: { open: '20.00', reason: 'twice' }, C: { open: '5.00' } };
  expect(standing(kept, [{ charge: 'A', open: '10.00' }, { charge: 'B', open: '18.00' }, { charge: 'D', open: '1.00' }])).toEqual({ A: { open: '10.00' } });
});
