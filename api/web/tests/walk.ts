import type { Browser, Page } from 'playwright-core';
import { inject } from 'vitest';
import { open } from './open';
import { settle, show, type Look } from './pages';

/** Goes to an address as a link of the page does. */
const follow = (page: Page, path: string) =>
  page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** Looks that may follow each other in one window: of one reader, answered in one way, with nothing done first. */
const window = (l: Look) => (l.act || !l.who ? l.name : l.before ? `${l.who}~${l.name.split('~')[1] ?? l.name}` : l.who);

/** Looks at pages, three windows at a time, and names with each what was found there. */
export async function walk(browser: Browser, language: 'zh' | 'en', of: Look[], look: (page: Page, of: Look) => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  const windows = new Map<string, Look[]>();
  for (const l of of) windows.set(window(l), [...(windows.get(window(l)) ?? []), l]);
  const todo = [...windows.values()];
  const hand = async () => {
    for (let own = todo.shift(); own; own = todo.shift()) {
      const { page, context } = await open(browser, inject('base'), inject('people')[own[0]?.who ?? ''] ?? '', { language });
      for (const [i, l] of own.entries()) {
        try {
          if (i === 0) await show(page, l);
          else {
            await follow(page, l.path);
            await page.waitForTimeout(l.waiting ? 300 : 50);
            await settle(page, l);
          }
          found.push(...(await look(page, l)).map((w) => `${l.name}: ${w}`));
        } catch (err) {
          found.push(`${l.name}: ${String(err)}`);
        }
      }
      await context.close();
    }
  };
  await Promise.all([hand(), hand(), hand()]);
  return found;
}
