import { expect, inject, test } from 'vitest';
import { go, launch, open, settled } from '../open';

// What the console costs, printed: sizes over the wire, the largest contentful
// paint with a cold cache, and from a key or a press to what is painted.

const year = 'asOf=2025-12-31';

const painted = `new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(performance.now()); c.port2.postMessage(0); }))`;

const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

test('measured', async () => {
  const browser = await launch();
  const [base, token] = [inject('base'), inject('people').finance ?? ''];
  const line = (what: string, is: string) => console.log(`${what.padEnd(52)} ${is}`);
  const loaded: Record<string, number> = {};
  for (const path of ['/receivables', '/charges', '/charges/C02/F3-C02-00107', '/centers/C02', '/trial-balance', '/']) {
    const { page, context } = await open(browser, base, token);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    const kinds = new Map<string, string>();
    let bytes = 0;
    cdp.on('Network.responseReceived', (e) => kinds.set(e.requestId, new URL(e.response.url).pathname));
    cdp.on('Network.loadingFinished', (e) => {
      const url = kinds.get(e.requestId) ?? '';
      if (!url.startsWith('/v1/') && url !== '/readyz') bytes += e.encodedDataLength;
    });
    await page.addInitScript(() => {
      (window as unknown as { lcp: number }).lcp = 0;
      new PerformanceObserver((l) => ((window as unknown as { lcp: number }).lcp = l.getEntries().at(-1)?.startTime ?? 0)).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const paints: number[] = [];
    for (let i = 0; i < 3; i++) {
      await cdp.send('Network.clearBrowserCache');
      bytes = 0;
      await go(page, `${path}?${year}`);
      await page.waitForTimeout(300);
      paints.push(await page.evaluate(() => (window as unknown as { lcp: number }).lcp));
    }
    loaded[path] = bytes;
    line(`${path}: page with scripts and styles, over the wire`, `${(bytes / 1024).toFixed(0)} KB`);
    line(`${path}: largest contentful paint, cold cache`, `${median(paints).toFixed(0)} ms`);
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
  line('a tick in 100,000 rows, press to painted', `${median(ticks).toFixed(0)} ms, worst ${Math.max(...ticks).toFixed(0)} ms`);
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
  line('100,000 rows at 300 px a frame, longest blank', `${blank.toFixed(0)} ms`);
  await go(page, `/receivables?${year}`);
  const keyed = async (what: string, press: () => Promise<void>, seen: string) => {
    const took: number[] = [];
    for (let i = 0; i < 5; i++) {
      const done = page.evaluate(`new Promise((done) => { let from = 0; addEventListener('keydown', () => { from = performance.now(); }, { capture: true, once: true }); const look = () => { if (from && document.querySelector(${JSON.stringify(seen)})) ${painted}.then((t) => done(t - from)); else requestAnimationFrame(look); }; look(); })`) as Promise<number>;
      await press();
      took.push(await done);
      await page.keyboard.press('Escape');
      await page.waitForFunction(() => !document.querySelector('[role="dialog"], .keys'));
    }
    line(what, `${median(took).toFixed(0)} ms, worst ${Math.max(...took).toFixed(0)} ms`);
  };
  await keyed('Ctrl-K to the palette, painted', () => page.keyboard.press('Control+k'), '.palette input');
  await keyed('? to the keys, painted', () => page.keyboard.press('?'), '.keys');
  await settled(page);
  await context.close();
  await browser.close();
  expect(loaded['/receivables']).toBeGreaterThan(0);
}, 300_000);
