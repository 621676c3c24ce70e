import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds, launch, lostFeet, overlaps, smallTargets } from './open';
import { looks, states, type Look } from './pages';
import { faults, walk } from './walk';
import { chineseInEnglish } from './words';

// Every page, with its figures: for whoever hears it, for whoever reads English, and on a phone.

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const onPhone = async (page: Page, desk: { width: number; height: number }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const found = [
    ...(over > 0 ? [`${over} px too wide`] : []),
    ...(await axeFinds(page)),
    ...(await overlaps(page)),
    ...(await smallTargets(page)),
    ...(await lostFeet(page)),
    ...(/[左右]边|[左右]列|旁边|回车/.test(await page.locator('main').innerText()) ? ['names a place that is not there'] : []),
  ];
  await page.setViewportSize(desk);
  return found.map((w) => `on a phone: ${w}`);
};

test('every page: axe finds nothing, the policy reports nothing, no other host is asked, nobody is a login and nothing a code, in English either; on a phone nothing scrolls sideways', async () => {
  // The records whose life is told by steps: by field and as they lie in the log as well.
  const lives = looks
    .filter((l) => /^(ticket|ticket-escalated|statement|repair|requisition|filing|account|payment)$/.test(l.name))
    .flatMap((l) => ['fields', 'events'].map((life): Look => ({ ...l, name: `${l.name} ${life}`, path: `${l.path}&life=${life}`, wide: true })));
  // Read models that are behind show figures; one part of the kit says so on every page.
  const behind = states.filter((l) => /^(home-finance|receivables|statement|verify|ticket|filings)~behind$/.test(l.name));
  const found = await walk(browser, [...looks, ...lives, ...behind], async (page, l) => [
    ...(await faults(page, l)),
    ...(l.name === 'kit' || behind.includes(l) ? [] : await chineseInEnglish(page, l)), // the kit shows itself in both languages
    ...(l.wide || behind.includes(l) ? [] : await onPhone(page, { width: 1440, height: 900 })),
  ]);
  expect(found).toEqual([]);
}, 1_200_000);

test('in the dark, too: of each kind of page one', async () => {
  const dark = looks.filter((l) => /^(home-finance|receivables|charge|statement|kit|bank-matching|keys)$/.test(l.name)); // the others have the colours of these
  expect(await walk(browser, dark, faults, { colorScheme: 'dark' })).toEqual([]);
}, 300_000);
