import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFinds, go, launch, open, settled } from './open';
import { serve, type Served } from './server';

// Bad days, before a server of their own: it is ended and started anew, and what is
// done changes the ledger.

let browser: Browser;
let at: Served;
beforeAll(async () => {
  [browser, at] = await Promise.all([launch(), serve(['finance', 'regional-admin', 'tech-group-lead', 'center-head', 'technician'])]);
});
afterAll(async () => {
  await browser.close();
  await at.stop();
});

const year = 'asOf=2025-12-31';
const as = (role: string) => open(browser, at.base, at.people[role] ?? '');
const problem = (status: number, detail: string, more: object = {}) => ({ status, contentType: 'application/problem+json', body: JSON.stringify({ status, type: 'urn:x', title: detail, detail, ...more }) });
const rows = (page: Page) => page.locator('.table tbody tr[data-row]');

test('over a slow line the page says that it reads, and shows no figure before it has one', async () => {
  const { page, context } = await as('finance');
  const line = await context.newCDPSession(page);
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 200_000, uploadThroughput: 50_000 });
  await page.goto(`/receivables?${year}`, { waitUntil: 'commit' }); // what is shown while it loads is looked at, too
  await page.locator('.waiting').first().waitFor();
  expect(await page.locator('tfoot, .money').count()).toBe(0);
  await settled(page);
  expect(await rows(page).count()).toBe(12);
  await context.close();
}, 120_000);

test('two tabs: what one does the other shows by itself, and a double key does it once', async () => {
  const { page, context } = await as('finance');
  await go(page, '/centers/C04?view=life');
  const other = await context.newPage();
  await go(other, '/collection');
  await other.locator('tr[data-row="C04"]').getByRole('button', { name: '记录联系…' }).click();
  await other.getByLabel('跟谁说的').fill('周主任');
  await other.getByLabel('说了什么').fill('下周付清，两个标签页');
  const sent: string[] = [];
  other.on('request', (r) => r.method() === 'POST' && sent.push(r.headers()['idempotency-key'] ?? ''));
  await other.getByRole('button', { name: '记录', exact: true }).dblclick();
  await other.getByRole('dialog').waitFor({ state: 'detached' });
  expect(sent.length).toBe(1);
  await page.getByText('下周付清，两个标签页').waitFor(); // no reload, no press
  expect(await page.getByText('下周付清，两个标签页').count()).toBe(1);
  await context.close();
}, 120_000);

test('the server restarts in the middle: it is said, what was typed stays, and is recorded once', async () => {
  const { page, context } = await as('finance');
  await go(page, '/collection');
  await page.getByText(/^实时/).waitFor();
  await page.locator('tr[data-row="C01"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('跟谁说的').fill('吴主任');
  await page.getByLabel('说了什么').fill('重启时写的');
  await at.end();
  await page.getByText('服务器没有应答').first().waitFor();
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('dialog').getByText('服务器没有应答').waitFor();
  expect(await page.getByLabel('说了什么').inputValue()).toBe('重启时写的');
  await at.start();
  await page.locator('.banner').waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText(/^实时/).waitFor({ timeout: 60_000 });
  await go(page, '/centers/C01?view=life');
  expect(await page.getByText('重启时写的').count()).toBe(1);
  await context.close();
}, 180_000);

test('a session that is ended elsewhere while one types: one signs in over the page and goes on', async () => {
  const { login, password } = at.logins.finance ?? { login: '', password: '' };
  const { page, context } = await open(browser, at.base, '');
  await page.goto('/collection');
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await settled(page);
  await page.locator('tr[data-row="C02"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('跟谁说的').fill('孙主任');
  await page.getByLabel('说了什么').fill('写到一半，会话没了');
  await context.clearCookies();
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByText('登录已过期').first().waitFor();
  expect(await page.getByLabel('说了什么').inputValue()).toBe('写到一半，会话没了');
  await page.getByLabel('密码').fill(password);
  await page.keyboard.press('Enter');
  await page.getByLabel('密码').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await go(page, '/centers/C02?view=life');
  expect(await page.getByText('写到一半，会话没了').count()).toBe(1);
  await context.close();
}, 120_000);

test('8: many items go in the body, their progress and an outcome each are shown, and one refusal of seventy stops no other', async () => {
  const { page, context } = await as('finance');
  const one = { region: '华东', notDue: '0.00', overdue: '10.00', disputed: '0.00', unapplied: '0.00', toCollect: '10.00', open: '10.00', reminders: 0, daysLate: 5, oldestDue: '2025-12-01' };
  const many = Array.from({ length: 70 }, (_, i) => ({ ...one, center: `X${String(i).padStart(2, '0')}`, name: `第 ${i} 个中心` }));
  const readModel = { state: 'live', position: 2, lagEvents: 0, lagSeconds: 0 };
  await page.route('**/v1/collection?**', (route) => route.fulfill({ json: { asOf: '2025-12-31', knownAt: '2026-01-01T00:00:00+08:00', readModel, rows: many, total: { ...one, overdue: '700.00', toCollect: '700.00', open: '700.00' }, ties: true } }));
  const keys: string[] = [];
  const asked: string[] = [];
  let refuse = true;
  page.on('request', (r) => asked.push(r.url()));
  await page.route('**/v1/centers/*/reminders', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    await new Promise((r) => setTimeout(r, 20));
    if (refuse && route.request().url().includes('/X33/')) await route.fulfill(problem(422, '中心没有负责人'));
    else await route.fulfill({ status: 201, json: { id: 'CK', total: '10.00', lines: [], position: 2, recorded: [] } });
  });
  await go(page, `/collection?${year}`);
  await page.getByLabel('选择本页全部').click();
  await page.getByRole('button', { name: /^催款 70 个中心/ }).click();
  await page.locator('progress').waitFor();
  await page.getByText('1 项没有办成').waitFor();
  expect(await page.locator('.batch li[data-state="done"]').count()).toBe(69);
  expect(await page.locator('.batch li[data-state="refused"]').innerText()).toContain('中心没有负责人');
  expect(await axeFinds(page)).toEqual([]);
  refuse = false;
  await page.getByRole('button', { name: '重办没有办成的 1 项' }).click();
  await page.getByText('全部办成').waitFor();
  expect(keys.length).toBe(71);
  expect(new Set(keys).size).toBe(70); // tried again under its own key: recorded once
  expect(Math.max(...asked.map((u) => u.length))).toBeLessThan(500);
  await context.close();

  // One command over many: its keys are in the body.
  const lead = await as('tech-group-lead');
  await go(lead.page, `/parts/findings?${year}`);
  await lead.page.getByLabel('选择本页全部').click();
  const body = lead.page.waitForRequest('**/v1/findings/assign');
  await lead.page.getByRole('button', { name: /^指派 \d+ 项…/ }).click();
  await lead.page.getByLabel('指派给').fill('tech.p001');
  await lead.page.getByRole('dialog').getByRole('button', { name: /^指派 \d+ 项/ }).click();
  const sent = await body;
  expect((sent.postDataJSON() as { keys: string[] }).keys.length).toBeGreaterThan(50);
  expect(sent.url().length).toBeLessThan(100);
  await lead.context.close();
}, 120_000);

test('15: what one may see comes from the server alone: another’s address, another role in the browser, another scope show nothing', async () => {
  const { page, context } = await as('center-head');
  await context.addInitScript(() => localStorage.setItem('ledger.role', 'finance'));
  await go(page, `/trial-balance?${year}`);
  await page.getByText('您的角色看不到这一页').waitFor();
  for (const path of [`/centers/C02/statements/2025Q3?${year}`, `/centers/C02?${year}`, `/charges/C02/F3-C02-00107?${year}`]) {
    await go(page, path);
    await page.getByText(/没有找到这条记录|您的角色看不到这一页|不存在|不是|没有/).first().waitFor();
    expect(await page.locator('.page').innerText()).not.toMatch(/金桂花园|\d+\.\d\d/);
  }
  await go(page, `/receivables?${year}&region=华南`);
  expect(await page.locator('.page').innerText()).not.toMatch(/C0[2-9]|C1\d/);
  await context.close();
}, 120_000);

test('figures that are behind, stopped or away are said, never zeros', async () => {
  const { page, context } = await as('finance');
  await go(page, `/receivables?${year}`);
  const total = await page.locator('tfoot').innerText();
  const state = (readModel: object) => page.route('**/readyz', (route) => route.fulfill({ status: 503, json: { readModel } }));
  const feed = await context.newCDPSession(page);
  await feed.send('Network.enable');
  await page.route('**/v1/live', (route) => route.abort());
  await state({ state: 'catching-up', position: 100, lagEvents: 120, lagSeconds: 7 });
  await page.reload();
  await page.getByText('账表落后 120 条记录，正在追赶').waitFor();
  await page.getByText(/秒前/).first().waitFor();
  await settled(page);
  expect(await page.locator('tfoot').innerText()).toBe(total);
  await page.unroute('**/readyz');
  await state({ state: 'stopped', position: 100, lagEvents: 120, lagSeconds: 700, reason: '无法读取事件 101' });
  await page.getByText(/账表停在日志位置 100：无法读取事件 101/).waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.route('**/v1/receivables?**', (route) => route.fulfill(problem(503, '账表暂时读不出，请稍后再试')));
  await page.reload();
  await page.getByText('账表暂时读不出').first().waitFor({ timeout: 30_000 });
  expect(await page.locator('tfoot').count()).toBe(0);
  await context.close();
}, 120_000);

test('after one’s own act nobody sees the figures from before it, also while they are behind', async () => {
  const { page, context } = await as('finance');
  await go(page, '/collection');
  const shown = () => page.locator('tr[data-row="C03"]').innerText();
  const before = await shown();
  let behind = true;
  const asked: string[] = [];
  await page.route('**/v1/collection?**', async (route) => {
    const after = new URL(route.request().url()).searchParams.get('after');
    asked.push(after ?? '');
    if (after && behind) {
      await new Promise((r) => setTimeout(r, 800)); // the server waits for the position, and gives up
      await route.fulfill(problem(503, '账表还没有读到日志位置 99999', { type: 'https://x/read-model-behind' }));
    } else await route.continue();
  });
  await page.locator('tr[data-row="C03"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('跟谁说的').fill('冯主任');
  await page.getByLabel('说了什么').fill('账表落后时写的');
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.locator('.stale').first().waitFor(); // what stands there is from before: pale
  await page.getByText('账表还没有读到日志位置').waitFor();
  expect(await page.locator('tr[data-row="C03"]').count()).toBe(0); // never the old figures as if they were new
  expect(asked.at(-1)).toMatch(/^\d+$/);
  behind = false;
  await page.getByRole('button', { name: '再试一次' }).click();
  await page.locator('tr[data-row="C03"]').waitFor();
  expect(await shown()).not.toBe(before);
  await context.close();
}, 120_000);

test('the back button: the list is as it was, and no command is sent again', async () => {
  const { page, context } = await as('finance');
  await go(page, `/charges?${year}&open=1&center=C03`);
  const list = await page.locator('.table').innerText();
  await rows(page).first().locator('a').first().click();
  await page.waitForURL(/\/charges\/C03\//);
  await settled(page);
  await page.goBack();
  await page.waitForURL(/open=1&center=C03|center=C03&open=1/);
  await settled(page);
  expect(await page.locator('.table').innerText()).toBe(list);
  await go(page, '/collection');
  const sent: string[] = [];
  page.on('request', (r) => r.method() === 'POST' && sent.push(r.url()));
  await page.locator('tr[data-row="C12"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('跟谁说的').fill('陈主任');
  await page.getByLabel('说了什么').fill('后退之前');
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.goBack();
  await settled(page);
  await page.goForward();
  await settled(page);
  expect(sent.length).toBe(1);
  await context.close();
}, 120_000);

test('a form that is open since yesterday: what others did meanwhile is said, what was typed stays', async () => {
  const { page, context } = await as('regional-admin');
  await page.clock.install({ time: Date.now() - 24 * 3600_000 });
  await page.route('**/v1/live', (route) => route.abort()); // the machine slept: no news came in
  await page.route('**/readyz', (route) => route.abort());
  await go(page, '/centers/C02/statements/2025Q3?lines=disputed&line=F3-C02-00180');
  await page.getByRole('button', { name: '不同意：说明理由' }).click();
  await page.getByLabel('理由').fill('昨天写的，还没有提交');
  // A colleague settles it in the evening.
  const done = await fetch(`${at.base}/v1/centers/C02/charges/F3-C02-00180/dispute-rejection`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Cookie: at.people['regional-admin'] ?? '' },
    body: JSON.stringify({ reason: '同事已经答复' }),
  });
  expect(done.status).toBe(201);
  await page.clock.setSystemTime(Date.now());
  await page.getByRole('button', { name: '争议不予采纳' }).click();
  await page.locator('.notice[role="alert"]').filter({ hasText: '没有异议' }).filter({ hasText: '您填写的内容保留在这里' }).waitFor();
  expect(await page.getByLabel('理由').inputValue()).toBe('昨天写的，还没有提交');
  // Opened anew it shows what the colleague did, and the form is gone.
  await page.reload();
  await page.getByText('同事已经答复').first().waitFor();
  expect(await page.getByRole('button', { name: '争议不予采纳' }).count()).toBe(0);
  await context.close();
}, 120_000);

test('two tabs edit one record: the second is refused and loses nothing, looks, and may press again', async () => {
  const { page, context } = await as('regional-admin');
  const listed = await context.request.get(`${at.base}/v1/repairs?status=AT_MAKER`);
  const { rows: devices } = (await listed.json()) as { rows: { return: string }[] };
  const sheet = devices[0]?.return ?? '';
  const other = await context.newPage();
  const note = (on: Page) => on.locator('textarea[name=note]');
  const save = (on: Page) => on.locator('form button[type=submit]').click();
  for (const [on, text] of [[page, '厂家说下周寄回'], [other, '厂家说修不好了']] as const) {
    await go(on, `/repairs/${sheet}`);
    await note(on).fill(text);
    const contact = on.locator('input[name=contact]');
    if (!(await contact.inputValue())) await contact.fill('售后王工');
  }
  const sent: string[] = [];
  other.on('request', (r) => r.method() === 'POST' && sent.push(r.headers()['if-match'] ?? ''));
  await save(page);
  await other.getByText('厂家说下周寄回').first().waitFor(); // it is shown there, too, and still:
  await save(other);
  await other.locator('.notice[role="alert"]').filter({ hasText: '别人刚刚改过这条记录' }).waitFor();
  expect(await note(other).inputValue()).toBe('厂家说修不好了');
  await save(other);
  await other.locator('.notice[role="alert"]').waitFor({ state: 'detached' });
  await page.getByText('厂家说修不好了').first().waitFor();
  expect(new Set(sent).size).toBe(2);
  expect(sent[0]).toMatch(/!return-[^!]+:\d+/);
  await context.close();
}, 120_000);

test('who signs in after another, in the same tab or in another one, finds nothing that was read or typed before', async () => {
  const { page, context } = await open(browser, at.base, '');
  const signIn = async (page: Page, role: string) => {
    await page.getByLabel('登录名').fill(at.logins[role]?.login ?? '');
    await page.getByLabel('密码').fill(at.logins[role]?.password ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.top').waitFor();
    await settled(page);
  };
  await page.goto('/collection');
  await signIn(page, 'finance');
  await page.locator('tr[data-row="C02"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('说了什么').fill('只给财务看的话');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await page.getByLabel('登录名').waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('只给财务看的话');
  await signIn(page, 'technician');
  await page.getByText('您的角色看不到这一页').waitFor();
  expect(await page.locator('main').innerText()).not.toMatch(/花园|\d+\.\d\d/);

  // The other tab of the browser: its person is another now, and it shows that one's.
  const other = await context.newPage();
  await go(other, '/parts/verify');
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await signIn(page, 'finance');
  await other.locator('.who .name', { hasText: '财务人员' }).waitFor();
  await context.close();
}, 180_000);

test('where the server does not answer, nobody is told that they are signed out', async () => {
  const { page, context } = await as('finance');
  await go(page, '/me');
  await page.route('**/v1/sign-out', (route) => route.abort());
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await page.waitForTimeout(500);
  expect(await page.getByLabel('登录名').count()).toBe(0);
  await context.close();
}, 60_000);

test('a session that cannot be ended is said, in the server’s words', async () => {
  const { page, context, wrong } = await as('finance');
  await go(page, '/me');
  await page.route('**/v1/me/sign-out-everywhere', (route) => route.fulfill(problem(403, '请先再登录一次')));
  await page.getByRole('button', { name: '在所有地方退出…' }).click();
  await page.getByRole('dialog').getByText('处登录会立即结束').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '在所有地方退出' }).click();
  await page.getByText('请先再登录一次').waitFor();
  expect(wrong).toEqual([]);
  await context.close();
}, 60_000);

test('a session that ended before a download or a file: one signs in over the page', async () => {
  const { page, context } = await as('finance');
  await go(page, `/payments?${year}`);
  await page.route('**/v1/payments**', (route) => (route.request().headers().accept === 'text/csv' ? route.fulfill(problem(401, '请登录')) : route.continue()));
  await page.getByRole('button', { name: '导出' }).click();
  await page.getByRole('alertdialog').getByLabel('密码').waitFor();
  await context.close();
}, 60_000);

test('a form that stays in its place sends nothing twice, and waits for a file that is under way', async () => {
  const { page, context } = await as('regional-admin');
  await go(page, '/repairs');
  await page.locator('tbody tr[data-row]', { hasText: '在厂家' }).first().click();
  await settled(page);
  const sent: { url: string; body: string }[] = [];
  page.on('request', (r) => r.method() === 'POST' && /\/v1\/returns\//.test(r.url()) && sent.push({ url: r.url(), body: r.postData() ?? '' }));
  await page.getByLabel('联系人').fill('厂家客服');
  await page.getByLabel('对方说了什么').fill('下周寄回');
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('status').getByText('已记录').waitFor();
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByText('请填写').first().waitFor();
  expect(sent.length).toBe(1);

  await page.getByRole('button', { name: '登记报价' }).click();
  await page.getByLabel('金额').fill('120');
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((done) => (arrive = done));
  await page.route('**/v1/attachments**', async (route) => {
    await arrived;
    await route.continue();
  });
  await page.locator('input[type=file]').setInputFiles({ name: '收费函.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF') });
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByText('收费函.pdf 还没有传完，请稍等').waitFor();
  expect(sent.length).toBe(1);
  arrive();
  await page.getByText('已存：收费函.pdf').waitFor();
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await expect.poll(() => sent.length).toBe(2);
  expect(sent[1]?.body).toMatch(/"letter":"[0-9a-f]{64}"/);
  await context.close();
}, 120_000);

test('the export of payment requests has the rows that are shown, those asked for and those paid each', async () => {
  const { page, context } = await as('regional-admin');
  for (const show of ['asked', 'paid']) {
    await go(page, `/payables?${year}&show=${show}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出' }).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(Number(/共 (\d+) 行/.exec(text)?.[1])).toBe(await rows(page).count());
  }
  await context.close();
}, 60_000);

test('the export of the fault record has the lines that are shown', async () => {
  const { page, context } = await as('tech-group-lead');
  const n: number[] = [];
  for (const show of ['', 'open', 'verified', 'differing']) {
    await go(page, `/parts/verify?${year}&show=${show}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出' }).click()]);
    n.push(Number(/共 (\d+) 行/.exec(readFileSync(await download.path(), 'utf8'))?.[1]));
    expect(n.at(-1)).toBe(await rows(page).count());
  }
  expect(n[1]).toBeLessThan(n[0] ?? 0);
  expect(n[3]).toBeGreaterThan(0);
  expect(n[3]).toBeLessThan(n[0] ?? 0);
  await context.close();
}, 60_000);

test('a reminder and a claim open as the paper that went with their mail', async () => {
  const { page, context } = await as('finance');
  for (const [path, kind] of [[`/collection?${year}`, 'reminders'], [`/centers/C08?${year}&view=life`, 'reminders'], [`/centers/C08?${year}&view=life`, 'claims']]) {
    await go(page, path ?? '');
    const paper = await page.request.get((await page.locator(`a[href*="/${kind}/"]`).first().getAttribute('href')) ?? '');
    expect([paper.status(), paper.headers()['content-type']], `${path} ${kind}`).toEqual([200, 'application/pdf']);
  }
  await context.close();
}, 60_000);

test('a list that the page made itself is exported as it stands', async () => {
  const { page, context } = await as('finance');
  await go(page, '/compare?asOf=2025-12-31&thenAsOf=2025-09-30');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出' }).click()]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toContain('2025年9月30日');
  expect(Number(/共 (\d+) 行/.exec(text)?.[1])).toBe(await rows(page).count());
  const foot = (await page.locator('tfoot').innerText()).replace(/[,\s]/g, '').replace('−', '-');
  expect(foot).toContain(/共 \d+ 行,,([-\d.]+)/.exec(text)?.[1] ?? 'no sum');
  await context.close();
}, 60_000);

test('a word in the address that is no choice of the page is said to be none', async () => {
  const told = { finance: ['/receivables?view=', '/charges/C02/F3-C02-00107?view=', '/collection?show=', '/payables?show=', '/repairs?show=', '/notices?status='], 'tech-group-lead': ['/parts/verify?show=', '/parts/findings?status=', '/parts/findings?by=', '/parts/findings?age='], 'regional-admin': ['/statements?show=', '/filings?show=', '/filings/P001/2025-11?form=', '/handovers?show=', '/escalations?show=', '/requisitions?show='] };
  for (const [role, paths] of Object.entries(told)) {
    const { page, context } = await as(role);
    for (const path of paths) {
      await go(page, `${path}evil&${year}`);
      expect(await page.getByRole('alert').filter({ hasText: '网址里的“evil”' }).count(), path).toBe(1);
      await go(page, `${path.replace(/[?&]\w+=$/, '')}?${year}`);
      expect(await page.getByText('网址里的').count(), path).toBe(0);
    }
    await context.close();
  }
}, 120_000);

test('what somebody wrote without a blank, or as a program, stands as it was written, does nothing and widens no page', async () => {
  const { page, context, wrong } = await as('finance');
  const text = `<img src=x onerror="document.title='x'"><script>document.title='x'</script>😀${'W'.repeat(600)}`;
  await go(page, '/collection');
  await page.locator('tr[data-row="C05"]').getByRole('button', { name: '记录联系…' }).click();
  await page.getByLabel('跟谁说的').fill(text.slice(0, 60));
  await page.getByLabel('说了什么').fill(text);
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  for (const path of ['/collection', '/centers/C05?view=life'])
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await go(page, path);
      await page.getByText('<script>').first().waitFor();
      expect([path, width, await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))]).toEqual([path, width, 0]);
      expect(await page.title()).not.toBe('x');
    }
  expect(wrong).toEqual([]);
  await context.close();
}, 120_000);

test('by keys one begins to type at once in a dialog, and stays in the list when what was pressed is gone', async () => {
  const lead = await as('tech-group-lead');
  await go(lead.page, `/parts/verify?${year}`);
  await lead.page.keyboard.press('q');
  await lead.page.getByRole('dialog').waitFor();
  await lead.page.keyboard.type('哪一台');
  expect(await lead.page.getByRole('dialog').locator('textarea').inputValue()).toBe('哪一台');
  await lead.context.close();

  const { page, context } = await as('regional-admin');
  await go(page, '/handovers?show=all');
  const plan = page.getByRole('button', { name: '安排…' }).first();
  const row = await page.locator('tr[data-row]').filter({ has: plan }).first().getAttribute('data-row');
  await plan.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').locator('button[type=submit]').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator(`tr[data-row="${row}"]`).getByRole('button', { name: '安排…' }).waitFor({ state: 'detached' });
  // On what the row offers next, where that stands in the same place, or on the list.
  await expect.poll(() => page.evaluate(() => !!document.activeElement?.closest('.table-frame'))).toBe(true);
  await context.close();
}, 120_000);

test('a line that is disputed waits for the file that bears it out', async () => {
  const issued = await fetch(`${at.base}/v1/centers/C01/statements/2025Q4/issue`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Cookie: at.people['regional-admin'] ?? '' }, body: '{}' });
  expect(issued.status).toBeLessThan(300);
  const { page, context } = await as('center-head');
  await go(page, '/my/statement?quarter=2025Q4');
  await page.getByRole('button', { name: /^有异议/ }).first().click();
  await page.locator('.doubt textarea').fill('这一笔不是我们的');
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((done) => (arrive = done));
  await page.route('**/v1/attachments**', async (route) => {
    await arrived;
    await route.continue();
  });
  await page.locator('.doubt input[type=file]').setInputFiles({ name: '照片.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') });
  await page.getByText('正在上传 照片.pdf').waitFor();
  await page.locator('.doubt button[type=submit]').click({ force: true });
  await page.waitForTimeout(200);
  expect(await page.locator('.doubt').count()).toBe(1);
  arrive();
  await page.locator('.doubt .kept', { hasText: '照片.pdf' }).waitFor();
  await page.locator('.doubt button[type=submit]').click();
  await page.locator('.doubt').waitFor({ state: 'detached' });
  await page.getByText(/附 ?1/).first().waitFor();
  await context.close();
}, 120_000);
