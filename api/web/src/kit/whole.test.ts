import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? sources(join(folder, f.name)) : /\.tsx$/.test(f.name) ? [join(folder, f.name)] : []));

// A list comes in windows of 200: a count of the rows that are here is no count of all that match.
test('a choice that says how many rows it has counts all windows of its list', () => {
  const counting = sources('src')
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => text.includes('useRows(') && /\bvalue: .*\bcount: .*(\.filter\(|counted\(\()/.test(text));
  expect(counting.map(({ path }) => path.split('/').at(-1))).toContain('Filings.tsx');
  expect(counting.filter(({ text }) => !text.includes('whole: true')).map(({ path }) => path)).toEqual([]);
});
