import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { axeFinds, lostFeet, open, overlaps, wideTables } from './open';
import { settle, show, type Look } from './pages';
import { rawCodes, rawIn, texts } from './words';

/** What is wrong with any page, whatever it shows. */
export const faults = async (page: Page, { name }: Look): Promise<string[]> => [
  ...(await axeFinds(page)),
  ...(await overlaps(page)),
  ...(await rawCodes(page)),
  ...(/^(me|kit)$/.test(name) ? [] : (await texts(page)).flatMap(rawIn)), // one's own login, and what the kit shows of itself, are no words
  ...(await wideTables(page)),
  ...(await lostFeet(page)),
];

/** Goes to an address as a link of the page does. */
const follow = (page: Page, path: string) =>
  page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

/** Looks that may follow each other in one window: of one reader, answered in one way, with nothing done first. */
const window = (l: Look) => (l.act || !l.who ? l.name : l.before ? `${l.who}~${l.name.split('~')[1] ?? l.name}` : l.who);

/**
 * Looks at pages, three windows at a time, and names with each what was found there: by who looks,
 * and by the page itself, in its reports of the policy, its errors and its requests to other hosts.
 */
export async function walk(browser: Browser, of: Look[], look: (page: Page, of: Look) => Promise<string[]>, how: BrowserContextOptions = {}): Promise<string[]> {
  const found: string[] = [];
  const windows = new Map<string, Look[]>();
  for (const l of of) windows.set(window(l), [...(windows.get(window(l)) ?? []), l]);
  const todo = [...windows.values()].sort((a, b) => b.length - a.length);
  const hand = async () => {
    for (let own = todo.shift(); own; own = todo.shift()) {
      const { page, context, wrong } = await open(browser, inject('base'), inject('people')[own[0]?.who ?? ''] ?? '', how);
      for (const [i, l] of own.entries()) {
        try {
          if (i === 0) await show(page, l);
          else {
            await follow(page, l.path);
            await page.waitForTimeout(l.waiting ? 300 : 50);
            await settle(page, l);
          }
          const said = [...(await look(page, l)), ...(await takeReports(page)), ...wrong.splice(0)];
          found.push(...said.map((w) => `${l.name}: ${w}`));
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

const takeReports = (page: Page) => page.evaluate(() => (globalThis as unknown as { reports: string[] }).reports.splice(0));
