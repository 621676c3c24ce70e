import { expect, test } from 'vitest';
import { looks } from '../../tests/pages';
import { listed, mayOpen } from './Navigation';
import { pages } from './pages';

const matches = (pattern: string, path: string): boolean => {
  const [a, b] = [pattern.split('/'), path.split('/')];
  return a.length === b.length && a.every((part, i) => part.startsWith(':') || part === b[i]);
};

test('every page is looked at: by axe, under the policy, on a phone and as a picture', () => {
  const seen = looks.map((l) => l.path.split('?')[0] ?? '');
  const unseen = pages.filter((p) => !seen.some((path) => matches(p.path, path))).map((p) => p.path);
  expect(unseen).toEqual([]);
});

test('no two pages are reached by one key, and no key is taken twice', () => {
  const keys = pages.flatMap((p) => p.nav?.key ?? []);
  expect(keys.filter((k, i) => keys.indexOf(k) !== i)).toEqual([]);
});

test('a center is led to its own pages alone, and each role first to what it comes for', () => {
  for (const role of ['center-head', 'center-maintenance', 'center-registrar']) expect(mayOpen(role).every((p) => p.path.startsWith('/my/'))).toBe(true);
  expect(listed('finance')[1]?.[0]).toBe('receipts');
  expect(listed('tech-group-lead')[1]?.[0]).toBe('parts');
  expect(listed('technician').map(([section]) => section)).not.toContain('receivable');
});
