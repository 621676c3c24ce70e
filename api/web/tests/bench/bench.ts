import { gzipSync } from 'node:zlib';
import lighthouse from 'lighthouse';
import desktop from 'lighthouse/core/config/desktop-config.js';
import { chromium, type Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { freePort } from '../server';
import { go, launch, open, settled } from '../open';
import { looks, show } from '../pages';

// What the console costs, printed against what it may: sizes over the wire, the largest
// contentful paint with a cold cache, from a key or a press to what is painted, and
// what Lighthouse says. A figure that is too large fails.

const year = 'asOf=2025-12-31';

const painted = `new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(performance.now()); c.port2.postMessage(0); }))`;

const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

const over: string[] = [];
/** One figure, and how much it may be at most. */
const line = (what: string, is: number, unit: string, most?: number, more = '') => {
  const bad = most !== undefined && is > most;
  console.log(`${what.padEnd(56)} ${`${is.toFixed(0)} ${unit}`.padStart(9)}${most === undefined ? '' : `  of ${most}${bad ? '  TOO MUCH' : ''}`}${more}`);
  if (bad) over.push(`${what}: ${is.toFixed(0)} ${unit}, more than ${most}`);
};

/** Scripts and styles that a page loads, gzipped, by address. */
async function weigh(page: Page, into: Map<string, number>): Promise<void> {
  page.on('response', async (r) => {
    const { pathname } = new URL(r.url());
    if (!/\.(js|css)$|^\/$/.test(pathname) || into.has(pathname)) return;
    into.set(pathname, 0);
    into.set(pathname, gzipSync(await r.body().catch(() => Buffer.alloc(0)), { level: 9 }).length);
  });
}
const kb = (of: Map<string, number>, but: ReadonlySet<string> = new Set()) => [...of].reduce((t, [path, n]) => t + (but.has(path) ? 0 : n), 0) / 1024;

test('measured', async () => {
  const browser = await launch();
  const [base, people] = [inject('base'), inject('people')];
  const token = people.finance ?? '';

  // The first page, then what each other route adds to it.
  let firstPage = new Set<string>();
  const seen = new Set<string>();
  for (const look of [looks.find((l) => l.name === 'home-finance'), ...looks.filter((l) => l.who && !l.act && !l.before && l.name !== 'kit')]) {
    const route = look?.path.split('?')[0] ?? '';
    if (!look || seen.has(route)) continue;
    seen.add(route);
    const { page, context } = await open(browser, base, people[look.who] ?? '');
    await page.addInitScript('window.requestIdleCallback = () => 0'); // what comes idly is not of this page
    const files = new Map<string, number>();
    await weigh(page, files);
    await show(page, look);
    await page.waitForTimeout(100);
    if (firstPage.size === 0) {
      firstPage = new Set(files.keys());
      line('first page: document, scripts, styles, gzip', kb(files), 'KB', 260);
    } else line(`${route}: on top of it`, kb(files, firstPage), 'KB', 120);
    await context.close();
  }

  for (const path of ['/', '/receivables', '/charges', '/charges/C02/F3-C02-00107', '/centers/C02', '/trial-balance']) {
    const { page, context } = await open(browser, base, token);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await page.addInitScript(() => {
      (window as unknown as { lcp: number }).lcp = 0;
      new PerformanceObserver((l) => ((window as unknown as { lcp: number }).lcp = l.getEntries().at(-1)?.startTime ?? 0)).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const paints: number[] = [];
    for (let i = 0; i < 5; i++) {
      await cdp.send('Network.clearBrowserCache');
      await go(page, `${path}?${year}`);
      await page.waitForTimeout(300);
      paints.push(await page.evaluate(() => (window as unknown as { lcp: number }).lcp));
    }
    line(`${path}: largest contentful paint, cold cache`, median(paints), 'ms', 800);
    await context.close();
  }

  const { page, context } = await open(browser, base, token);
  await go(page, '/kit?rows=100000');
  const ticks: number[] = [];
  for (let i = 0; i < 12; i++) {
    ticks.push(
      (await page.evaluate(`(async () => { const box = document.querySelectorAll('.table[aria-rowcount="100001"] tbody input')[${i}]; const from = performance.now(); box.click(); return (await ${painted}) - from; })()`)) as number,
    );
  }
  line('a tick in 100,000 rows, press to painted', median(ticks), 'ms', 50, `, worst ${Math.max(...ticks).toFixed(0)}`);
  const blank = (await page.evaluate(`(async () => {
    let worst = 0, since = 0;
    for (let i = 0; i < 120; i++) {
      scrollBy(0, 300);
      await ${painted};
      const rows = [...document.querySelectorAll('.table[aria-rowcount="100001"] tbody tr[data-row]')].map((r) => r.getBoundingClientRect());
      const seen = rows.some((r) => r.bottom > innerHeight - 40) && rows.some((r) => r.top < 140);
      const now = performance.now();
      if (seen) since = 0; else { since ||= now; worst = Math.max(worst, now - since); }
    }
    return worst;
  })()`)) as number;
  line('100,000 rows at 300 px a frame, longest blank', blank, 'ms', 50);

  // From a key to what is painted: what needs no server.
  await go(page, `/receivables?${year}`);
  const keyed = async (what: string, press: () => Promise<void>, seen: string, most: number, back = () => page.keyboard.press('Escape'), event = 'keydown') => {
    const took: number[] = [];
    for (let i = 0; i < 7; i++) {
      await page.evaluate(`window.done = new Promise((done) => { let from = 0; addEventListener('${event}', () => { from = performance.now(); }, { capture: true, once: true }); const look = () => { if (from && (${seen})) ${painted}.then((t) => done(t - from)); else requestAnimationFrame(look); }; look(); }), undefined`);
      await press();
      took.push((await page.evaluate('window.done')) as number);
      await back();
      await page.waitForFunction(`!(${seen})`);
      await page.waitForTimeout(50);
    }
    line(what, median(took), 'ms', most, `, worst ${Math.max(...took).toFixed(0)}`);
  };
  const there = (css: string) => `document.querySelector(${JSON.stringify(css)})`;
  await keyed('Ctrl-K to the palette, painted', () => page.keyboard.press('Control+k'), there('.palette input'), 60);
  await keyed('? to the keys, painted', () => page.keyboard.press('?'), there('.keys'), 60);
  await go(page, `/collection?${year}`);
  await keyed('a press to a dialog with its form, painted', () => page.getByRole('button', { name: '记录联系…' }).first().click(), there('[role="dialog"] input'), 60, undefined, 'pointerdown');
  // And what the server answers.
  await go(page, `/receivables?${year}`);
  await keyed('a filter, to its figures, painted', () => page.getByRole('button', { name: '按账龄' }).click(), `!document.querySelector('.stale, .waiting') && ${there('td[data-head="31–60 天"]')}`, 100, () => page.getByRole('button', { name: '按区域' }).click(), 'pointerdown');
  await keyed('g t to the trial balance, painted', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('t');
  }, `location.pathname === '/trial-balance' && !document.querySelector('.stale, .waiting') && ${there('tfoot')}`, 100, async () => void (await page.goBack()));
  await settled(page);
  await context.close();
  await browser.close();

  // Lighthouse, with a browser of its own.
  const port = await freePort();
  const own = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', `--remote-debugging-port=${port}`] });
  for (const path of ['/', '/receivables', '/statements']) {
    const got = await lighthouse(`${base}${path}?${year}`, { port, output: 'json', logLevel: 'error', disableStorageReset: true, extraHeaders: { Cookie: token }, onlyCategories: ['performance', 'accessibility', 'best-practices'] }, desktop);
    for (const c of Object.values(got?.lhr.categories ?? {})) {
      const short = 100 - Math.round((c.score ?? 0) * 100);
      line(`Lighthouse ${path}, ${c.title}: short of 100`, short, 'points', 0);
      if (short) for (const ref of c.auditRefs) {
        const a = got?.lhr.audits[ref.id];
        if (ref.weight && a && a.score !== null && a.score < 1) console.log(`    ${a.id}: ${a.title} ${a.displayValue ?? ''}`);
      }
    }
  }
  await own.close();
  expect(over).toEqual([]);
}, 900_000);
