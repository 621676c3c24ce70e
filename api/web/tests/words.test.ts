import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseNames } from '@/api/names';
import { launch } from './open';
import { looks } from './pages';
import { walk } from './walk';
import { texts } from './words';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? below(`${folder}/${f.name}`) : [`${folder}/${f.name}`]));

test('an English page has no Chinese but what is data', async () => {
  // What the console says in Chinese, and what codes are called; a center's name, a reason that somebody gave are none of these.
  const own = new Set([
    ...below('src').filter((f) => /\.tsx?$/.test(f) && !/schema|test/.test(f)).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/\['([^'{}]*[\u4e00-\u9fff][^'{}]*)', '/g)].map((m) => m[1] ?? '')),
    ...parseNames(readFileSync('../../domain/names/zh.txt', 'utf8')).values(),
  ]);
  expect(own.size).toBeGreaterThan(1500);
  const found = await walk(browser, 'en', looks.filter((l) => l.name !== 'kit'), async (page) => (await texts(page)).filter((text) => own.has(text.replace(/[:：]$/, ''))));
  expect(found).toEqual([]);
}, 1_200_000);
