import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './open';
import { states } from './pages';
import { faults, walk } from './walk';

// What a page says of what it has not read: nothing. Every page in every state in which it
// has no figures: no figure, no count, no tick, no word that nothing waits, no live sign.

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Pages that ask nothing before something is done on them. */
const asksLater = /^(bank|imports|me)~/;
/** What is done on it is of the whole ledger, whatever the day. */
const wholeLedger = /^trust~/;
/** Figures that are of the trade or of the page, and not read: they stand in the page's own words. */
const ownWords = ['.page-help', '.state', '.crumbs', '.chips > span', '.page-tools form', '.page-tools .legend', 'thead', 'nav', 'td[data-head="规律"]'];

/** What a page that has read nothing shows as if it had. */
const asIfRead = (page: Page, ownWords: string[]) =>
  page.evaluate((ownWords) => {
    const main = document.querySelector('main');
    if (!main) return ['there is no page'];
    const seen = (e: Element) => e.checkVisibility();
    const texts = (selector: string) => [...main.querySelectorAll(selector)].filter(seen).map((e) => (e as HTMLElement).innerText.trim());
    const found = [
      ...texts('.chip span').map((t) => `a count at a filter: ${t}`),
      ...texts('.finding').map((t) => `a finding: ${t}`),
      ...texts('.state[role="status"]').map((t) => `that there is nothing: ${t}`),
      ...texts('.proved').map((t) => `a proof: ${t}`),
      ...texts('tbody .num, .sums dd').map((t) => `a figure: ${t}`),
      ...[...document.querySelectorAll('.fresh.proved')].map((e) => `a live sign: ${(e as HTMLElement).innerText}`),
    ];
    // Whatever else has a digit that the address does not have; forms and quarters are called by theirs.
    const rest = main.cloneNode(true) as HTMLElement;
    for (const own of ownWords) rest.querySelectorAll(own).forEach((e) => e.remove());
    const given = decodeURIComponent(location.pathname + location.search);
    const walk = document.createTreeWalker(rest, NodeFilter.SHOW_TEXT);
    for (let t = walk.nextNode(); t; t = walk.nextNode())
      for (const run of t.textContent?.replace(/\bF\d\b|\b\d{4}Q\d\b/g, '').match(/\d+/g) ?? []) if (!given.includes(run)) found.push(`${run} in “${t.textContent?.trim()}”`);
    return [...new Set(found)];
  }, ownWords);

/** What is offered to who may not see the page, as if it were of use. */
const offered = (page: Page) => page.evaluate(() => [...document.querySelectorAll('main .page-tools button, main .state button, main .panel footer button')].map((e) => `it offers “${(e as HTMLElement).innerText}”`));

test('what was not read is shown as nothing: no page has a figure, a count, a tick or a live sign without an answer', async () => {
  // Being read and being away are drawn as an error is, by one part of the kit: of these the pages that add something up themselves.
  const without = states.filter((l) => /~(error|no-permission)$|^(home-.*|receivables|statements?|trust|verify|filings|failing|stock)~(loading|away)$/.test(l.name) && !asksLater.test(l.name));
  const found = await walk(browser, without, async (page, l) => [...(await faults(page, l)), ...(await asIfRead(page, ownWords)), ...(l.name.endsWith('~no-permission') ? await offered(page) : [])]);
  expect(found).toEqual([]);
}, 600_000);

test('what was not there on the day that is looked at is not shown: no page of 2020 has a later date, a figure or an act', async () => {
  const found = await walk(browser, states.filter((l) => l.name.endsWith('~empty')), async (page, l) => [
    ...(await faults(page, l)),
    ...(wholeLedger.test(l.name) ? [] : await page.evaluate(() => {
      const main = document.querySelector('main');
      const given = decodeURIComponent(location.pathname + location.search);
      const body = (main?.querySelector('.page-body') as HTMLElement | null)?.innerText ?? '';
      const finding = (main?.querySelector('.finding') as HTMLElement | null)?.innerText ?? '';
      const later = [...`${finding}\n${body}`.matchAll(/\b20(?:2[1-9]|[3-9]\d)[-年]\d\d?/g)].map((m) => m[0]).filter((d) => !given.includes(d) && !/早于/.test(body.slice(Math.max(0, body.indexOf(d) - 20), body.indexOf(d))));
      const acts = [...document.querySelectorAll('main form.form, main .page-tools .right .button[data-kind="main"], main .page-body .panel footer .button[data-kind="main"]')].map((e) => (e as HTMLElement).innerText.slice(0, 40));
      return [...later.map((d) => `a later date: ${d}`), ...[...document.querySelectorAll('main tbody .num')].map((e) => `a figure: ${(e as HTMLElement).innerText}`), ...acts.map((a) => `an act: ${a}`), ...[...document.querySelectorAll('main .chip span')].map((e) => `a count: ${(e as HTMLElement).innerText}`)];
    })),
  ]);
  expect(found).toEqual([]);
}, 600_000);
