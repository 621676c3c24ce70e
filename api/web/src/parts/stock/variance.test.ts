import { expect, test } from 'vitest';
import { variance } from './variance';

const counted = (project: string, quantity: string, value: string | null) => ({ project, part: 'VI-07A', count: { unexplained: { quantity, value } } });
const listed = (project: string, quantity: string, value: string | null, of = 'COUNT_SHORT') => ({ project, part: 'VI-07A', class: of, quantity, value });

test('the same units short, first seen at another cost, differ by cost alone', () => {
  expect(variance([counted('P002', '-1', '-392.18'), counted('P010', '-2', '-785.72')], [listed('P002', '1', '389.86'), listed('P010', '1', '392.86'), listed('P010', '1', '390.00')])).toEqual({
    counted: -1177_90n, listed: -1172_72n, cost: -5_18n, rest: 0n,
  });
});

test('what only one of them lists is no difference of cost', () => {
  expect(variance([counted('P002', '-1', '-392.18'), counted('P003', '0', '0.00')], [listed('P004', '0.5', '10.00', 'COUNT_OVER')])).toEqual({ counted: -392_18n, listed: 10_00n, cost: 0n, rest: -402_18n });
});

test('what was not valued is led over to nothing', () => {
  expect(variance([counted('P002', '-1', null)], [])).toBeUndefined();
  expect(variance([], [listed('P002', '1', null)])).toBeUndefined();
});
