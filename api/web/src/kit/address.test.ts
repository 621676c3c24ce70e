import { expect, test } from 'vitest';
import { cutOf, cutQuery } from './address';

test('what an address says that is no date is asked as it stands, and nothing else in its place', () => {
  const asked = (search: string) => cutQuery(cutOf(new URLSearchParams(search)));
  expect(asked('asOf=2025-12-31&knownAt=2026-01-01')).toEqual({ asOf: '2025-12-31', knownAt: '2026-01-01T23:59:59.999999999+08:00' });
  expect(asked('asOf=2026-02-30&knownAt=foo')).toEqual({ asOf: '2026-02-30', knownAt: 'foo' });
  expect(asked('asOf=2025-12-31&knownAt=2026-02-30')).toEqual({ asOf: '2025-12-31', knownAt: '2026-02-30' });
  expect(cutOf(new URLSearchParams('asOf=2026-02-30')).asOf).toBe('');
  expect(asked('')).toEqual({});
});
