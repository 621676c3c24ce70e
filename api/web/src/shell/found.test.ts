import { expect, test } from 'vitest';
import { placeOf, type Found } from './found';

const to = (path: string, params: Record<string, string | undefined> = {}) => `${path}?${new URLSearchParams(params as Record<string, string>).toString()}`;
const found = (kind: Found['kind'], id: string): Found => ({ kind, id, center: 'C02', project: 'P006', title: '', detail: '', on: '2025-07-04', matched: id, ofKind: 1 });

test('a line of F1 that was found is opened among those of its month', () => {
  expect(placeOf(found('FAULT_LINE', 'F1-P006-2507-0019'), to)).toBe('/parts/verify?month=2025-07&project=P006&line=F1-P006-2507-0019');
  expect(placeOf(found('CHARGE', 'F3-C02-00107'), to)).toBe('/charges/C02/F3-C02-00107?');
});
