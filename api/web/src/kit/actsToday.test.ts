import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? sources(join(folder, f.name)) : /\.tsx$/.test(f.name) ? [join(folder, f.name)] : []));

// A form says so itself. A button that sends stands on its own, on a page that may look back at an earlier day.
test('a page that acts by a button says beside an earlier day that it acts today', () => {
  const acting = sources('src')
    .filter((path) => !path.startsWith(join('src', 'kit')))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => /\buseBatch\(|\buseCommand\(|\bawait send\(/.test(text));
  expect(acting.length).toBeGreaterThan(6);
  expect(acting.filter(({ text }) => !text.includes('<ActsToday')).map(({ path }) => path)).toEqual([]);
});
