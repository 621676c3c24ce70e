import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { axeFinds, go, launch, open, reports, settled } from './open';
import { serve, type Served } from './server';
import { today } from '../src/kit/dates';

// The door in a browser: what mails carry, passkeys, and an answer on paper. All of it
// changes the ledger, so it has a sample year of its own.

let browser: Browser;
let at: Served;
const quarter = '2025Q4';
beforeAll(async () => {
  [browser, at] = await Promise.all([launch(), serve(['regional-admin', 'administrator'])]);
  for (const center of ['C01', 'C02', 'C03']) await command('regional-admin', `/v1/centers/${center}/statements/${quarter}/issue`, {});
});
afterAll(async () => {
  await browser.close();
  await at.stop();
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function command(role: string, path: string, body: object): Promise<void> {
  const got = await fetch(at.base + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Cookie: at.people[role] ?? '' },
    body: JSON.stringify(body),
  });
  if (!got.ok) throw new Error(`${path}: ${got.status} ${await got.text()}`);
}

/** What the mails of the outbox say, the oldest first. */
function mails(): string[] {
  const box = join(at.data, 'outbox');
  return readdirSync(box, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.eml'))
    .sort()
    .map((f) =>
      readFileSync(join(box, f), 'utf8')
        .split(/\r?\n\r?\n/)
        .map((part) => (/^[A-Za-z0-9+/=\s]{40,}$/.test(part) ? Buffer.from(part, 'base64').toString() : part))
        .join('\n'),
    );
}

/** The latest of what the mails carry, once one does. */
async function mailed(pattern: RegExp, besides: readonly string[] = []): Promise<string> {
  let found: string | undefined;
  await expect.poll(() => (found = mails().flatMap((m) => m.match(pattern)?.[1] ?? []).filter((f) => !besides.includes(f)).at(-1)), { timeout: 30_000 }).toBeTruthy();
  return found ?? '';
}

const linkTo = (center: string) => mailed(new RegExp(`${center}-${quarter}[^]*?(http://localhost:\\d+/answer#aslk_[\\w-]+)`));

const asPicture = (page: Page, name: string) => onTestFailed(async () => void (await page.screenshot({ path: `shots/failed-${name}.png`, fullPage: true }).catch(() => undefined)));

/** How many pixels of the page are beyond its width. */
const beyond = (page: Page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));

test('a center answers its statement from the mailed link on a phone: a code by mail, lines ticked, one disputed with its reason and a file, printed', async () => {
  const link = await linkTo('C01');
  const { page, context, wrong } = await open(browser, at.base, '', phone);
  asPicture(page, 'link');
  await page.goto(link);
  await page.waitForURL(/\/my\/statement\?quarter=2025Q4$/); // the secret stands in no address from here on
  await settled(page);
  expect(await page.locator('nav').count()).toBe(0); // and there is no way anywhere else
  const asks = page.locator('.asks > li').filter({ has: page.getByRole('button', { name: /^有异议/ }) });
  const all = await asks.count();
  expect(all).toBeGreaterThan(3);
  expect(await beyond(page)).toBe(0);
  expect(await axeFinds(page)).toEqual([]);

  // The first is disputed, with a photograph: whose mailbox it is, is shown before anything is kept.
  const first = page.locator('.asks > li').first();
  await first.getByRole('button', { name: /^有异议/ }).tap();
  await first.getByLabel('为什么有异议？').fill('业主说没有换过，见照片');
  await first.getByRole('button', { name: '附照片或文件…' }).tap();
  const prove = page.getByRole('dialog');
  await prove.getByRole('button', { name: '发送验证码' }).tap();
  await prove.getByText(/•••@/).waitFor(); // most of the address is hidden
  expect(await axeFinds(page)).toEqual([]);
  await prove.getByLabel('验证码').fill('000000');
  await prove.getByRole('button', { name: '验证', exact: true }).tap();
  await prove.locator('.error').filter({ hasText: /./ }).waitFor();
  const code = await mailed(/^ {4}(\d{6})$/m);
  await prove.getByLabel('验证码').fill(code.replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d)))); // as a Chinese input method types it
  await prove.getByRole('button', { name: '验证', exact: true }).tap();
  await prove.waitFor({ state: 'detached' });
  expect(await first.getByLabel('为什么有异议？').inputValue()).toBe('业主说没有换过，见照片');
  await first.getByLabel('照片或文件').setInputFiles({ name: '门口.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') });
  await first.getByText('门口.png').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await first.getByRole('button', { name: '提出异议' }).tap();
  await first.getByText('有异议：业主说没有换过，见照片 · 附 1 件').waitFor();

  // Nothing of it is lost when the page is opened anew.
  await page.locator('.asks > li').nth(1).getByRole('button', { name: /^确认/ }).tap();
  await page.reload();
  await settled(page);
  await page.getByText('附 1 件').waitFor();
  await page.getByText(/^已看 2 \//).waitFor();

  await page.getByRole('button', { name: /^其余 \d+ 行都确认/ }).tap();
  await page.getByRole('button', { name: '签字并答复' }).tap();
  const sign = page.getByRole('dialog');
  await sign.getByText('门口.png').waitFor();
  expect(await beyond(page)).toBe(0);
  await sign.getByRole('button', { name: /异议 1 行：答复/ }).tap();
  await page.getByText(/^已于 .* 答复/).first().waitFor();
  await page.getByText('争议处理中').waitFor();
  expect(await page.getByText('门口.png').count()).toBe(1);
  expect(await reports(page)).toEqual([]);

  // Printed: as the paper, and as the page.
  const paper = await page.request.get((await page.getByRole('link', { name: '对账单 PDF' }).getAttribute('href')) ?? '');
  expect(paper.headers()['content-type']).toBe('application/pdf');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.mine-bar').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });
  expect(wrong).toEqual([]);
  await context.close();

  // The regional admin reads how it came, why, and the file.
  const admin = await open(browser, at.base, at.people['regional-admin'] ?? '');
  await go(admin.page, `/centers/C01/statements/${quarter}`);
  await admin.page.getByText('邮件链接').first().waitFor();
  const file = await admin.page.request.get((await admin.page.getByRole('link', { name: '门口.png' }).first().getAttribute('href')) ?? '');
  expect(file.headers()['content-type']).toBe('image/png');
  await admin.context.close();
}, 180_000);

test('who has which links is seen by the regional admin, who ends them: what was opened by one is over', async () => {
  const link = await linkTo('C02');
  const center = await open(browser, at.base, '', phone);
  await center.page.goto(link);
  await settled(center.page);
  const { page, context, wrong } = await open(browser, at.base, at.people['regional-admin'] ?? '');
  asPicture(page, 'links');
  await go(page, `/centers/C02/statements/${quarter}`);
  const links = page.getByRole('region', { name: '邮件链接' });
  await links.getByText(/打开过/).waitFor();
  await page.setViewportSize(phone.viewport);
  expect(await beyond(page)).toBe(0);
  expect(await axeFinds(page)).toEqual([]);
  await links.getByRole('button', { name: '作废链接…' }).click();
  await page.getByLabel('理由').fill('转发给了别人');
  await page.getByRole('button', { name: '作废', exact: true }).click();
  await links.getByText('现在没有有效的链接').waitFor();
  expect(wrong).toEqual([]);
  await context.close();
  await center.page.getByRole('button', { name: /^确认/ }).first().tap();
  await center.page.reload();
  await center.page.goto('about:blank');
  await center.page.goto(link);
  await center.page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  expect(await center.page.locator('.asks').count()).toBe(0);
  expect(await beyond(center.page)).toBe(0);
  expect(await axeFinds(center.page)).toEqual([]);
  await center.context.close();
}, 120_000);

test('a stamped reply is entered by the regional admin, with its scan', async () => {
  const { page, context, wrong } = await open(browser, at.base, at.people['regional-admin'] ?? '');
  asPicture(page, 'paper');
  await go(page, `/centers/C03/statements/${quarter}`);
  await page.getByRole('button', { name: '录入盖章回函' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '录入答复' }).click();
  await dialog.locator('.below.error').first().waitFor(); // no scan, no answer
  await dialog.getByLabel('回函扫描件').setInputFiles({ name: '回函.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') });
  await dialog.getByText('已存：回函.pdf').waitFor();
  await dialog.getByLabel('签署人').fill('郑主任');
  await dialog.getByLabel('签署日期').fill(today());
  expect(await axeFinds(page)).toEqual([]);
  await page.setViewportSize(phone.viewport);
  expect(await beyond(page)).toBe(0);
  await dialog.getByRole('button', { name: '录入答复' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '回函.pdf' }).waitFor();
  await page.getByText(/纸质回函|盖章/).first().waitFor();
  expect(wrong).toEqual([]);
  await context.close();
}, 120_000);

test('an invitation opens the door once: the password is chosen, and one is in', async () => {
  await command('administrator', '/v1/users', { login: 'xu.jing', name: '徐静', mail: 'xu.jing@example.com', reason: '新来的财务' });
  await command('administrator', '/v1/users/xu.jing/grants', { role: 'finance', company: true, from: '2025-01-01', reason: '新来的财务' });
  await command('administrator', '/v1/users/xu.jing/invitations', { reason: '新来的财务' });
  const link = await mailed(/(http:\/\/localhost:\d+\/invitation#\S+)/);
  const { page, context, wrong } = await open(browser, at.base, '', phone);
  asPicture(page, 'invitation');
  await page.goto(link);
  await page.getByLabel('新密码').waitFor();
  expect(page.url()).toBe(`${at.base}/invitation`);
  expect(await beyond(page)).toBe(0);
  expect(await axeFinds(page)).toEqual([]);
  await page.getByLabel('新密码').fill('short');
  await page.keyboard.press('Enter');
  await page.locator('.error').filter({ hasText: /./ }).waitFor();
  await page.getByLabel('新密码').fill('a long password of 徐静');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '待我办理' }).waitFor();
  expect(wrong).toEqual([]);
  await context.close();
  const again = await open(browser, at.base, '', phone);
  await again.page.goto(link);
  await again.page.getByLabel('新密码').fill('another long password');
  await again.page.keyboard.press('Enter');
  await again.page.locator('.error').filter({ hasText: /./ }).waitFor();
  await again.context.close();
}, 120_000);

test('a passkey is registered, asked for at the next sign-in, and removed', async () => {
  const { login, password } = at.logins.finance ?? { login: '', password: '' };
  const { page, context, wrong } = await open(browser, at.base, '');
  asPicture(page, 'passkey');
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  const own = `${password} of my own`;
  const signIn = async (password: string) => {
    await page.getByLabel('登录名').fill(login);
    await page.getByLabel('密码').fill(password);
    await page.keyboard.press('Enter');
  };
  await page.goto('/me');
  await signIn(password);
  await page.getByLabel('现在的密码').fill(password);
  await page.getByLabel('新密码').fill(own);
  await page.keyboard.press('Enter');
  await page.getByLabel(/通行密钥的名称/).fill('办公室的电脑');
  await page.getByRole('button', { name: '登记通行密钥' }).click();
  await page.getByRole('cell', { name: '办公室的电脑' }).waitFor();
  expect(await axeFinds(page)).toEqual([]);

  await page.getByRole('button', { name: '退出', exact: true }).click();
  await signIn(own);
  await page.getByRole('button', { name: '出示通行密钥' }).waitFor(); // the password alone lets nobody in
  expect((await page.request.get('/v1/receivables')).status()).toBe(403);
  expect(await axeFinds(page)).toEqual([]);
  await page.getByRole('button', { name: '出示通行密钥' }).click();
  await page.getByRole('cell', { name: '办公室的电脑' }).waitFor();

  await page.getByRole('button', { name: '删除' }).click();
  await page.getByRole('cell', { name: '办公室的电脑' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await signIn(own);
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: '售后台账' }).waitFor();
  expect(wrong).toEqual([]);
  await context.close();
}, 120_000);
