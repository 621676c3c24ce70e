import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('every enumeration that a page names is in the one table', () => {
  const table = readFileSync('../../domain/names/zh.txt', 'utf8');
  const asked = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .flatMap((f) => [...readFileSync(`src/${f}`, 'utf8').matchAll(/nameOf\([^']*?'(\w+\.\w+)'(?: : '(\w+\.\w+)')?/g)].flatMap((m) => [m[1] ?? '', m[2] ?? '']))
    .filter(Boolean);
  expect(asked.length).toBeGreaterThan(50);
  expect([...new Set(asked)].filter((e) => !table.includes(`[${e}]`))).toEqual([]);
});
