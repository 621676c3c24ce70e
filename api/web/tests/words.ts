import type { Page } from 'playwright-core';
import { inject } from 'vitest';

// What a page says, in the words of whoever reads it: nobody is a login, nothing is a
// field's name or a code's, and no Chinese is left where English is read.

/** What lies in the log is shown there as it lies there; a mail is what was sent; keys are printed on keyboards. */
const asItIs = 'pre, code, kbd, script, style, noscript, .letter, [lang]:not(html)';

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
