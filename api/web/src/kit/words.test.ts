import { expect, test } from 'vitest';
import { pages, sections } from '@/shell/pages';
import { clauses, fill, headed, listed, saidOn, sentences, speak, within, type Pair } from './words';

const modules = import.meta.glob<Record<string, unknown>>(['../**/*.ts', '../**/*.tsx', '!../**/*.test.*', '!../main.tsx', '!../shell/trusted.ts'], { eager: true });
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../api/schema.ts'], { eager: true, query: '?raw', import: 'default' });

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

function check(where: string, pair: Pair): void {
  expect(pair.length, where).toBe(2);
  // A word that a language does not need is empty on purpose on one side only.
  if (pair[0] === '' && pair[1] === '') return;
  expect(holes(pair[0]), where).toEqual(holes(pair[1]));
  const said = pair[0].replace(/\{\w+\}/g, '');
  if (said) expect(/[\u3400-\u9fff]/.test(said) || !/[a-z]/i.test(said) || said === 'English', `${where} is not Chinese: ${pair[0]}`).toBe(true);
  expect(/[\u3400-\u9fff]/.test(pair[1]) && pair[1] !== '中文', `${where} is not English: ${pair[1]}`).toBe(false);
}

test('every text is said in both languages, with the same holes', () => {
  let seen = 0;
  for (const [path, module] of Object.entries(modules)) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || !('table' in value)) continue;
      for (const [key, pair] of Object.entries(value.table as Record<string, Pair>)) {
        check(`${path} ${name}.${key}`, pair);
        seen++;
      }
    }
  }
  for (const p of pages) if (p.nav) check(`page ${p.path}`, p.nav.label);
  for (const [key, pair] of Object.entries(sections)) check(`section ${key}`, pair);
  expect(seen).toBeGreaterThan(100);
});

test('one of a thing is not said in the plural, and nothing that is counted lacks a singular', () => {
  const owing: Pair = ['{n} 个中心欠 {sum}', '{n} {n|center owes|centers owe} {sum}'];
  speak('en');
  expect(fill(owing, { n: 1, sum: '5.00' })).toBe('1 center owes 5.00');
  expect(fill(owing, { n: '12', sum: '1' })).toBe('12 centers owe 1');
  speak('zh');
  expect(fill(owing, { n: 1, sum: '5.00' })).toBe('1 个中心欠 5.00');
  for (const [path, text] of Object.entries(sources)) expect(/'[^'\n]*\{(n|count|days)\} [a-z-]+s\b[^'\n]*'/.exec(text)?.[0], path).toBeUndefined();
});

test('no page says Chinese outside of a table of words', () => {
  for (const [path, text] of Object.entries(sources)) {
    if (/words\(\{|readDay|readAmount|Pair/.test(text) || path.endsWith('/pages.ts')) continue; // tables, and what reads what is typed
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(/[\u3400-\u9fff]/.exec(code)?.[0], path).toBeUndefined();
  }
});

test('what stands between words is of the language that is spoken', () => {
  const said = () => [listed(['A', 'B']), clauses('A', undefined, 'B'), sentences(['A', 'B']), headed('A', 'B'), headed('', 'B'), saidOn('A.', 'B.')];
  expect(said()).toEqual(['A、B', 'A，B', 'A；B', 'A：B', 'B', 'A.B.']);
  speak('en');
  expect(said()).toEqual(['A, B', 'A, B', 'A; B', 'A: B', 'B', 'A. B.']);
  expect(['Partly confirmed', 'HQ affairs', '12'].map(within)).toEqual(['partly confirmed', 'HQ affairs', '12']);
  speak('zh');
  const reads = /\/(words|fen|dates|Form|names|client|PaperReply|Handovers)\.tsx?$/; // what people type is understood with either
  for (const [path, text] of Object.entries(sources)) {
    if (reads.test(path)) continue;
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/\[?'(?:[^'\\\n]|\\.)*', '(?:[^'\\\n]|\\.)*'\]/g, '');
    expect(/.*[，、；：（）。].*/.exec(code)?.[0], path).toBeUndefined();
  }
});

test('pages have one address and one key each', () => {
  const paths = pages.map((p) => p.path);
  expect(new Set(paths).size).toBe(paths.length);
  const keys = pages.flatMap((p) => p.nav?.key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});
