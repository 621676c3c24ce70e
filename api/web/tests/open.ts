import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

// A browser, a person who is signed in, and what went wrong on their pages.

/** The browser: the shell without a window where there is one, which draws a page in half the time. */
export const browserPath = (): string => process.env.CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((at) => existsSync(at)) ?? 'chromium';

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** Reports of the content security policy, errors of scripts, requests to other hosts. */
  wrong: string[];
}

export async function open(browser: Browser, base: string, cookie: string, options: BrowserContextOptions & { language?: string } = {}): Promise<Opened> {
  const { language, ...rest } = options;
  const context = await browser.newContext({ baseURL: base, locale: 'zh-CN', viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...rest });
  context.setDefaultTimeout(60_000); // a machine that does three other things is no defect
  const [name = '', value = ''] = cookie.split('=');
  if (cookie) await context.addCookies([{ name, value, url: base }]);
  await context.addInitScript(
    ([language]) => {
      if (language) localStorage.setItem('ledger.language', language);
      (window as unknown as { reports: string[] }).reports = [];
      document.addEventListener('securitypolicyviolation', (e) => (window as unknown as { reports: string[] }).reports.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`));
    },
    [language],
  );
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (e) => wrong.push(String(e)));
  page.on('console', (m) => {
    // An answer that is a refusal is logged by the browser; the page says it.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) wrong.push(m.text());
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url())) wrong.push(`a request to ${r.url()}`);
  });
  return { page, context, wrong };
}

/** Opens an address and waits until the figures are there. */
export async function go(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
}

/** Waits until nothing is being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.waiting:not(.panel .waiting), .stale'));
}

/** Reports of the policy on the page. */
export const reports = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { reports: string[] }).reports);

/** What axe finds wrong on the page; a paper within it is looked at as a paper. */
export async function axeFinds(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const found = await (window as unknown as { axe: { run: (on: Document, how: object) => Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }> } }).axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false });
    return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id} at ${n.target.join(' ')}: ${n.failureSummary}`));
  });
}

/** The fen of an amount as the page shows it. */
export function shown(text: string | null | undefined): bigint {
  const plain = (text ?? '').replace(/[,\s]/g, '').replace('−', '-');
  if (plain === '' || /^[–]/.test(plain)) return 0n;
  const [whole = '0', cents = '00'] = plain.replace('-', '').split('.');
  const size = BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  return plain.startsWith('-') ? -size : size;
}

/** Texts that lie over the text beside them. */
export const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    /** Where the text of an element is seen: what is cut off lies over nothing. */
    const within = (e: Element): DOMRect[] => {
      const seen: DOMRect[] = [];
      const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.textContent?.trim()) continue;
        const of = document.createRange();
        of.selectNodeContents(text);
        for (const r of of.getClientRects()) {
          let [left, right, top, bottom] = [r.left, r.right, r.top, r.bottom];
          for (let up = text.parentElement; up && e.contains(up); up = up.parentElement) {
            const [style, box] = [getComputedStyle(up), up.getBoundingClientRect()];
            if (style.clipPath !== 'none') right = left;
            if (style.overflow !== 'visible') [left, right, top, bottom] = [Math.max(left, box.left), Math.min(right, box.right), Math.max(top, box.top), Math.min(bottom, box.bottom)];
          }
          if (right - left > 1 && bottom - top > 1) seen.push(new DOMRect(left, top, right - left, bottom - top));
        }
      }
      return seen;
    };
    for (const e of document.querySelectorAll('body *')) {
      if (!/grid|flex/.test(getComputedStyle(e).display) || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const beside = [...e.children].filter((c) => c.textContent?.trim() && c.checkVisibility() && !/absolute|fixed|sticky/.test(getComputedStyle(c).position)).slice(0, 40);
      const rects = beside.map(within);
      rects.forEach((a, i) =>
        rects.slice(i + 1).forEach((b, j) => {
          const over = a.some((r) => b.some((q) => Math.min(r.right, q.right) - Math.max(r.left, q.left) > 3 && Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top) > 6));
          if (over) found.push(`“${beside[i]?.textContent?.slice(0, 40)}” lies over “${beside[i + 1 + j]?.textContent?.slice(0, 40)}”`);
        }),
      );
    }
    return found.slice(0, 5);
  });

/** What a finger presses that is too small for it: less than 44 px high, or in a row of a list, or as a tick, less than 24. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, .button, .chip, input:not([type="file"]), select, textarea, [role="button"]')].flatMap((e) => {
      const hidden = (at: Element | null): boolean => !!at && (getComputedStyle(at).clipPath !== 'none' || hidden(at.parentElement)); // for the ear only
      if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || hidden(e)) return [];
      const { width, height } = e.getBoundingClientRect();
      if (width < 2) return [];
      const least = e.matches('.tick, .cards td .plain, .cards td .sort, p button, [role="button"]') ? 24 : 44;
      return height + 0.5 < least ? [`“${(e.textContent || e.getAttribute('aria-label') || e.tagName).slice(0, 30)}” is ${Math.round(height)} px high`] : [];
    }),
  );

/** Tables that are wider than what they stand in. */
export const wideTables = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.table-frame')].flatMap((f) => {
      if (getComputedStyle(f).overflowX === 'auto') return []; // it can be moved to and fro
      const over = (f.querySelector('table')?.getBoundingClientRect().right ?? 0) - f.getBoundingClientRect().right;
      return over > 1 ? [`the table “${f.querySelector('table')?.getAttribute('aria-label')}” is ${Math.round(over)} px too wide`] : [];
    }),
  );

/** The foot of a dialog that cannot be seen or pressed. */
export const lostFeet = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role="dialog"] .form-end')].flatMap((f) => {
      const button = f.querySelector('button');
      if (!button) return [];
      const { left, top, width, height, bottom } = button.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      return bottom > innerHeight || !there || !button.contains(there) ? [`“${button.textContent}” is out of sight`] : [];
    }),
  );
