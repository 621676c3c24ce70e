// node tests/look.mjs OUT [PATH ...]: pages as pictures, for the eye.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
const [out, ...paths] = process.argv.slice(2);
const { BASE, TOKEN, W = '1440', H = '900', DARK, LANG2 } = process.env;
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const ctx = await browser.newContext({ viewport: { width: Number(W), height: Number(H) }, colorScheme: DARK ? 'dark' : 'light', locale: 'zh-CN' });
await ctx.addInitScript(([t, l]) => { sessionStorage.setItem('ledger.token', t); if (l) localStorage.setItem('ledger.language', l); }, [TOKEN, LANG2]);
const page = await ctx.newPage();
page.on('console', (m) => (m.type() === 'error' || m.type() === 'warning') && console.log(m.type(), m.text().slice(0, 400)));
page.on('pageerror', (e) => console.log('pageerror', String(e).slice(0, 600)));
for (const [i, p] of paths.entries()) {
  await page.goto(BASE + p);
  await page.waitForLoadState('networkidle').catch(() => 0);
  await page.waitForTimeout(200);
  await page.screenshot({ path: `${out}/${i}.png`, fullPage: Boolean(process.env.FULL) });
}
await browser.close();
