import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { personOf } from './person';

test('a person is called by their name, else by their login', () => {
  expect(personOf({ by: 'admin.1', byName: '蒋强' }, 'by')).toBe('蒋强');
  expect(personOf({ by: 'admin.1', byName: '' }, 'by')).toBe('admin.1');
  expect(personOf({ decidedBy: 'admin.1' }, 'decidedBy')).toBe('admin.1');
  expect(personOf({}, 'by')).toBe('');
});

const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? sources(join(folder, f.name)) : /\.tsx?$/.test(f.name) && !f.name.includes('.test.') ? [join(folder, f.name)] : []));

test('no page chooses by itself between a name and a login', () => {
  const own = sources('src').flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\b(\w+)Name\s*(?:\|\||\?\?)\s*[\w.?]*\b\1\b/g)].map((m) => `${path}: ${m[0]}`));
  expect(own).toEqual([]);
});
