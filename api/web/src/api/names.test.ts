import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { speak } from '@/kit/words';
import { codeName, english, nameOf, parseNames, take } from './names';

test('every enumeration that a page names is in the one table', () => {
  const table = readFileSync('../../domain/names/zh.txt', 'utf8');
  const asked = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .flatMap((f) => [...readFileSync(`src/${f}`, 'utf8').matchAll(/nameOf\([^']*?'(\w+\.\w+)'(?: : '(\w+\.\w+)')?/g)].flatMap((m) => [m[1] ?? '', m[2] ?? '']))
    .filter(Boolean);
  expect(asked.length).toBeGreaterThan(50);
  expect([...new Set(asked)].filter((e) => !table.includes(`[${e}]`))).toEqual([]);
});

test('what is said otherwise in English is a code that there is, and is said so wherever the code stands', () => {
  const table = readFileSync('../../domain/names/zh.txt', 'utf8');
  const known = parseNames(table);
  // A verdict knows fewer classes than findings do; codes without a word are held to the table of accounts elsewhere.
  expect(Object.keys(english).filter((key) => /[A-Z]{3}/.test(key.split(' ')[1] ?? '') && !known.has(key))).toEqual([]);
  take(table);
  speak('en');
  expect(nameOf('finding.Class', 'FAULT_NO_ISSUE')).toBe('Replaced, not issued');
  expect(nameOf('finding.Class', 'ITEM_MISMATCH')).toBe('Item mismatch');
  expect(codeName('NO_FAULTY_RETURN', 'class', 'finding-1')).toBe('Old unit not handed in');
  speak('zh');
  expect(codeName('NO_FAULTY_RETURN', 'class', 'finding-1')).toBe('旧件未回');
});
