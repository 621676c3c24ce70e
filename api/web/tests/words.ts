import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { parseNames } from '@/api/names';
import { settle, type Look } from './pages';

// What a page says, in the words of whoever reads it: nobody is a login, nothing is a
// field's name or a code's, and no Chinese is left where English is read.

/** What lies in the log or a file is shown there as it lies there; a mail is what was sent; keys are printed on keyboards. */
const asItIs = 'pre, code, kbd, script, style, noscript, .letter, [lang]:not(html), [translate="no"]';

/** Every text that is seen, and every name that is read out. */
export const texts = (page: Page): Promise<string[]> =>
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
const known = new Set(['English', 'Excel', 'csv']);

export function rawIn(text: string): string[] {
  const words = text.match(/(?<![\w./@-])[A-Za-z]?[a-z]{2,}(?:[A-Z]\w*)?(?![\w./@])/g) ?? [];
  const found = [login.exec(text)?.[0], /\b[a-z]+[A-Z]\w*/.exec(text)?.[0], /(?<![\w./])[a-z]{2,}(?:-[a-z]{2,})+\b/.exec(text)?.[0], ...words];
  return [...new Set(found)].filter((w) => w !== undefined && !known.has(w)).map((w) => `“${w}” in “${text.slice(0, 80)}”`);
}

/** What a page says or calls something that is no word of anybody's: a code, or nothing at all. */
export const rawCodes = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('main');
    const said = [main?.innerText ?? '', ...[...(main?.querySelectorAll('[aria-label], [title]') ?? [])].flatMap((e) => [e.getAttribute('aria-label') ?? '', e.getAttribute('title') ?? ''])].join('\n');
    return [...new Set(said.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\bundefined\b|\bNaN\b|\[object /g) ?? [])].map((code) => `says ${code}`);
  });

const below = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? below(`${folder}/${f.name}`) : [`${folder}/${f.name}`]));

/** What the console says in Chinese, and what codes are called; a center's name, a reason that somebody gave are none of these. */
const own = new Set([
  ...below('src').filter((f) => /\.tsx?$/.test(f) && !/schema|test/.test(f)).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/\['([^'{}]*[\u4e00-\u9fff][^'{}]*)', '/g)].map((m) => m[1] ?? '')),
  ...parseNames(readFileSync('../../domain/names/zh.txt', 'utf8')).values(),
]);
for (const word of own) if (!/[\u4e00-\u9fff]/.test(word)) own.delete(word); // the same in both
own.delete('应急预案'); // as evidence, typed by the sample's people
expect(own.size).toBeGreaterThan(1500);

/** Speaks the other language, as the button at the head of every page does, also under a dialog. */
async function speakOther(page: Page, look: Look): Promise<boolean> {
  const pressed = await page.evaluate(() => {
    const button = [...document.querySelectorAll<HTMLElement>('button[lang]')].find((b) => /^(English|中文)$/.test(b.innerText.trim()));
    button?.click();
    return Boolean(button);
  });
  await settle(page, look);
  return pressed;
}

/** The Chinese of ours that a page says in English; the page is Chinese before and after. */
export async function chineseInEnglish(page: Page, look: Look): Promise<string[]> {
  if (!(await speakOther(page, look))) return ['cannot be read in English'];
  const left = (await texts(page)).filter((text) => own.has(text.replace(/[:：]$/, '')));
  await speakOther(page, look);
  return left.map((text) => `says ${text} in English`);
}
