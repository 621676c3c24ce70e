import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parseNames } from '@/api/names';
import { launch, open } from './open';
import { looks, show, type Look } from './pages';

// What a page says, in the words of whoever reads it: nobody is a login, nothing is a
// field's name or a code's, and no Chinese is left where English is read.

const base = inject('base');
const people = inject('people');

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What lies in the log is shown there as it lies there; a mail is what was sent; keys are printed on keyboards. */
const asItIs = 'pre, code, kbd, script, style, noscript, .letter, [lang]:not(html)';

/** Every text that is seen, and every name that is read out. */
const texts = (page: Page): Promise<string[]> =>
  page.evaluate((asItIs) => {
    const all: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let t = walk.nextNode(); t; t = walk.nextNode()) if (t.parentElement && !t.parentElement.closest(asItIs)) all.push(t.textContent?.trim() ?? '');
    for (const e of document.querySelectorAll('[aria-label], [placeholder]')) if (!e.closest(asItIs)) all.push(e.getAttribute('aria-label') ?? '', e.getAttribute('placeholder') ?? '');
    return [...new Set(all)].filter(Boolean);
  }, asItIs);

/** Logins are of a duty and a number or place, admin.1 and tech.P001, or of one word, planner. */
const stems = inject('logins').map((login) => login.replace(/[.].*/, ''));
const login = new RegExp(`(?<![\\w@./-])(?:(?:${[...new Set(stems)].join('|')}|techgroup)\\.[\\w\\u4e00-\\u9fff]+|${inject('logins').filter((l) => !l.includes('.') && l !== 'admin').join('|')})(?![\\w@-])`);
/** What no page has to translate: the switch to English, kinds of file. */
const known = new Set(['English', 'Excel']);

function rawIn(text: string): string[] {
  const words = text.match(/(?<![\w./@-])[A-Za-z]?[a-z]{2,}(?:[A-Z]\w*)?(?![\w./@])/g) ?? [];
  const found = [login.exec(text)?.[0], /\b[a-z]+[A-Z]\w*/.exec(text)?.[0], /(?<![\w./])[a-z]{2,}(?:-[a-z]{2,})+\b/.exec(text)?.[0], ...words];
  return [...new Set(found)].filter((w) => w !== undefined && !known.has(w)).map((w) => `“${w}” in “${text.slice(0, 80)}”`);
}

/** Where a login is what is asked about, and a browser's own name is shown; where the kit shows itself. */
const others = /^(me|kit)$/;
/** Each page, and the records whose life is told by steps: by field and as they lie in the log as well. */
const told = /^(ticket|ticket-escalated|statement|repair|requisition|filing|account|payment)$/;
const all: Look[] = [
  ...looks.filter((l) => !others.test(l.name)),
  ...looks.filter((l) => told.test(l.name)).flatMap((l) => ['steps', 'fields', 'events'].map((life) => ({ ...l, name: `${l.name} ${life}`, path: `${l.path}&life=${life}` }))),
];

async function walk(language: 'zh' | 'en', wrong: (text: string) => string[]): Promise<string[]> {
  const found: string[] = [];
  const todo = [...all];
  const hand = async () => {
    for (let look = todo.shift(); look; look = todo.shift()) {
      const { page, context } = await open(browser, base, people[look.who] ?? '', { language });
      try {
        await show(page, look);
        found.push(...(await texts(page)).flatMap(wrong).map((w) => `${look?.name}: ${w}`));
      } catch (err) {
        found.push(`${look.name}: ${String(err)}`);
      }
      await context.close();
    }
  };
  await Promise.all([hand(), hand(), hand()]);
  return found;
}

test('a Chinese page names people by their names, and says no word of English but what is called so', async () => {
  expect(await walk('zh', rawIn)).toEqual([]);
}, 1_200_000);

const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? below(`${folder}/${f.name}`) : [`${folder}/${f.name}`]));

test('an English page has no Chinese but what is data', async () => {
  // What the console says in Chinese, and what codes are called; a center's name, a reason that somebody gave are none of these.
  const own = new Set([
    ...below('src').filter((f) => /\.tsx?$/.test(f) && !/schema|test/.test(f)).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/\['([^'{}]*[\u4e00-\u9fff][^'{}]*)', '/g)].map((m) => m[1] ?? '')),
    ...parseNames(readFileSync('../../domain/names/zh.txt', 'utf8')).values(),
  ]);
  expect(own.size).toBeGreaterThan(1500);
  expect(await walk('en', (text) => (own.has(text.replace(/[:：]$/, '')) ? [text] : []))).toEqual([]);
}, 1_200_000);
