import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { axeFinds, go, launch, open, settled } from './open';
import { serve, type Served } from './server';

// The forms of tickets, repairs and depots: each files its record before a real server and shows
// it on the page; what the server refuses stands at its field; axe finds nothing while it is open.

let browser: Browser;
let at: Served;
beforeAll(async () => {
  [browser, at] = await Promise.all([launch(), serve(['technician', 'city-lead', 'tech-group-lead', 'regional-admin', 'hq-affairs-supervisor', 'department-manager'])]);
});
afterAll(async () => {
  await browser.close();
  await at.stop();
});

/** One person's part, on a page of their own. */
async function on(role: string, path: string, act: (page: Page) => Promise<void>): Promise<void> {
  const { page, context, wrong } = await open(browser, at.base, at.people[role] ?? '');
  onTestFailed(async () => void (await page.screenshot({ path: `shots/failed-form-${role}.png`, fullPage: true }).catch(() => undefined)));
  await go(page, path);
  await act(page);
  expect(wrong).toEqual([]);
  await context.close();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).last().click();
const type = async (page: Page, of: Record<string, string>) => {
  for (const [name, value] of Object.entries(of)) {
    const field = page.locator(`form [name="${name}"]`);
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
};
/** What the server, or the page before it, has against a field. */
const refused = (page: Page, name: string) => page.locator(`[name="${name}"][aria-invalid="true"]`).waitFor();
const fine = async (page: Page) => expect(await axeFinds(page)).toEqual([]);
const shut = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });
const step = (page: Page, what: string | RegExp) => page.locator('.timeline').first().locator('li', { hasText: what }).first().waitFor();
const command = async (role: string, path: string, body: object) => {
  const got = await fetch(at.base + path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Cookie: at.people[role] ?? '' }, body: JSON.stringify(body) });
  expect(`${got.status} ${got.ok ? '' : await got.text()}`).toBe('201 ');
};

const began = Date.now();
/** A moment so many hours before this began, as it is typed in Shanghai. */
const ago = (hours: number) => new Date(began + (8 - hours) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
/** This minute, as it is typed. */
const minute = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const register = (ticket: string) => command('technician', '/v1/tickets', { ticket, project: 'P001', room: '3-1-1202', owner: '何军', device: '室内分机', need: '对讲无声', registeredAt: new Date(Date.now() - 10 * 3_600_000).toISOString() });

test('a ticket goes its course by the forms of its page, and its line of F1 gets its slips and its F2', async () => {
  const page1 = '/tickets/T-9001';
  await register('T-9001');
  await on('technician', page1, async (page) => {
    // Before it was registered nobody was notified: the server says so at the moment, and what was typed stays.
    await type(page, { notifiedAt: ago(20), category: 'EMERGENCY' });
    await fine(page);
    await press(page, '登记通知');
    await refused(page, 'notifiedAt');
    await page.locator('.below.error', { hasText: '登记' }).waitFor();
    await type(page, { notifiedAt: ago(9).replace('-', '/') });
    const sent: string[] = [];
    page.on('request', (r) => r.method() === 'POST' && sent.push(r.url()));
    await page.getByRole('button', { name: '登记通知' }).dblclick();
    await step(page, '通知班组');
    expect(sent.length).toBe(1);
    await type(page, { acceptedAt: ago(8) });
    await press(page, '接单');
    await step(page, '接单');
    await type(page, { arrivedAt: ago(7) });
    await press(page, '登记到场');
    await step(page, '到场');

    // A replacement without its line of F1.
    await type(page, { how: 'REPLACED', resolvedAt: ago(1) });
    await press(page, '登记处理结果');
    await refused(page, 'how');
    await press(page, '写故障记录');
    await type(page, { line: 'F1-9001', symptom: '对讲无声', cause: 'WEAR', 'replacement.part': 'VI-07A', 'replacement.quantity': '两台', 'replacement.oldSerial': 'VI9990001' });
    await fine(page);
    await press(page, '写入 F1');
    await refused(page, 'replacement.quantity');
    await type(page, { 'replacement.quantity': '１' });
    await press(page, '写入 F1');
    await shut(page);
    await step(page, '故障记录 F1-9001');
    await settled(page);
    expect(await page.locator('form [name="how"]').inputValue()).toBe('REPLACED'); // what was typed is there still
    await press(page, '登记处理结果');
    await step(page, '更换');

    // The slip of the part, and the old unit's.
    const row = page.getByRole('row').filter({ hasText: 'VI9990001' });
    await row.getByRole('button', { name: '出库…' }).click();
    await type(page, { slip: 'OUT-9001', quantity: '900' });
    await fine(page);
    await press(page, '出库');
    await refused(page, 'taker');
    await type(page, { taker: '张伟' });
    await press(page, '出库');
    await refused(page, 'quantity'); // more than there are
    await type(page, { quantity: '1' });
    await press(page, '出库');
    await shut(page);
    await row.getByRole('link', { name: 'OUT-9001' }).waitFor();
    await row.getByRole('button', { name: '交旧件…' }).click();
    await type(page, { handIn: 'JJ-9001', handedInBy: '张伟', quantity: '2' });
    await fine(page);
    await press(page, '交回');
    await refused(page, 'serials');
    await type(page, { quantity: '1' });
    await press(page, '交回');
    await shut(page);

    // Its F2, as the paper has it; what is filed is opened.
    await row.getByRole('button', { name: '填报 F2…' }).click();
    expect(await page.locator('form [name="serial"]').inputValue()).toBe('VI9990001');
    await type(page, { return: 'F2-P001-9101', bearer: 'DEPARTMENT', estimate: '4,20' });
    await page.waitForFunction(() => !!document.querySelector<HTMLInputElement>('form [name="maker"]')?.value); // as the catalogue has it
    await fine(page);
    await press(page, '提交流程表');
    await refused(page, 'estimate');
    await type(page, { estimate: '420', openedOn: '2999-01-01' });
    await press(page, '提交流程表');
    await refused(page, 'openedOn');
    await type(page, { openedOn: ago(0).slice(0, 10) });
    await press(page, '提交流程表');
    await page.waitForURL(/\/repairs\/F2-P001-9101/);
    await settled(page);
    await page.locator('.facts', { hasText: 'F1-9001' }).first().waitFor();
    await go(page, '/serials/VI9990001');
    await page.getByText('JJ-9001').waitFor();

    await go(page, page1);
    await type(page, { closedAt: ago(2) }); // before it was resolved
    await press(page, '关闭工单');
    await refused(page, 'closedAt');
    await type(page, { closedAt: ago(0), note: '业主认可' });
    await press(page, '关闭工单');
    await step(page, '业主认可');
    await press(page, '重新打开');
    await fine(page);
    await press(page, '重新打开');
    await refused(page, 'reason');
    await type(page, { reason: '又没有声音' });
    await press(page, '重新打开');
    await step(page, '又没有声音');
  });
}, 600_000);

test('a form that nobody has typed in begins at this minute; one that was begun keeps what it said', async () => {
  await register('T-9005');
  await on('technician', '/tickets/T-9005', async (page) => {
    const now = Date.now();
    const shanghai = (hours: number) => new Date(now + (8 + hours) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    const says = (moment: string) => page.waitForFunction((m) => document.querySelector<HTMLInputElement>('[name="notifiedAt"]')?.value === m, moment);
    await page.clock.setFixedTime(now + 20 * 3_600_000); // the page stands open overnight
    await says(shanghai(20));
    await type(page, { category: 'ORDINARY' });
    await page.clock.setFixedTime(now + 40 * 3_600_000);
    await page.waitForTimeout(6000);
    await says(shanghai(20));
  });
}, 120_000);

test('an arrival entered by mistake is withdrawn, a judgement overridden and a matter escalated, each with its reason on the page', async () => {
  await register('T-9002');
  const path = '/tickets/T-9002';
  await command('technician', '/v1/tickets/T-9002/notification', { notifiedAt: new Date(Date.now() - 9 * 3_600_000).toISOString(), category: 'EMERGENCY' });
  await command('technician', '/v1/tickets/T-9002/arrivals', { arrivedAt: new Date(Date.now() - 8 * 3_600_000).toISOString() });
  await on('technician', path, async (page) => {
    for (const name of ['撤回到场', '改判']) expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
  await on('city-lead', path, async (page) => {
    await press(page, '撤回到场');
    expect(await page.locator('form [name="arrivedAt"]').inputValue()).not.toBe('');
    await fine(page);
    await type(page, { instead: ago(20), reason: '点错了时间' });
    await press(page, '撤回这次到场');
    await refused(page, 'instead'); // before the team was told
    await type(page, { instead: ago(6) });
    await press(page, '撤回这次到场');
    await step(page, '点错了时间');
    await page.locator('.facts', { hasText: ago(6) }).first().waitFor();

    await press(page, '改判');
    await type(page, { what: 'DEADLINE' });
    await type(page, { value: 'AT' });
    await type(page, { at: ago(20) });
    await fine(page);
    await press(page, '改判');
    await refused(page, 'reason');
    await type(page, { reason: '合同约定' });
    await press(page, '改判');
    await refused(page, 'value'); // before the notification
    await type(page, { at: ago(7) });
    await press(page, '改判');
    await step(page, '合同约定');
    await page.locator('.facts', { hasText: ago(7) }).first().waitFor();
  });
  await on('regional-admin', path, async (page) => {
    await press(page, '上报');
    await type(page, { reason: 'LEFTOVER_DEFECT', matter: '单元门漏装闭门器' });
    await fine(page);
    await press(page, '上报');
    await refused(page, 'complaintRisk');
    await page.getByLabel('可能引起投诉').check();
    await press(page, '上报');
    await step(page, '单元门漏装闭门器');
    await go(page, '/escalations');
    await page.getByRole('row').filter({ hasText: 'T-9002' }).filter({ hasText: '单元门漏装闭门器' }).waitFor();
  });

  // Both give their opinions, and what went unanswered is sent again under the key that it had.
  const row = (page: Page) => page.getByRole('row').filter({ hasText: 'T-9002' });
  await on('hq-affairs-supervisor', '/escalations', async (page) => {
    await row(page).getByRole('button', { name: '给意见…' }).click();
    await type(page, { opinion: '同意补装', givenAt: ago(20) });
    await fine(page);
    await press(page, '给出意见');
    await refused(page, 'givenAt');
    await type(page, { givenAt: minute() });
    const keys: (string | undefined)[] = [];
    await page.route('**/opinions', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      await (keys.length === 1 ? route.abort() : route.continue());
    });
    await press(page, '给出意见');
    await page.getByRole('dialog').getByText('服务器没有应答').waitFor();
    await press(page, '给出意见');
    await shut(page);
    expect(keys.length).toBe(2);
    expect(keys[0]).toBe(keys[1]);
    await row(page).getByText('同意补装').first().waitFor();
  });
  await on('department-manager', '/escalations', async (page) => {
    await row(page).getByRole('button', { name: '给意见…' }).click();
    await type(page, { opinion: '尽快' });
    await press(page, '给出意见');
    await shut(page);
    await row(page).getByText('尽快').first().waitFor();
  });
  await on('hq-affairs-supervisor', '/escalations', async (page) => {
    await row(page).getByRole('button', { name: '结案…' }).click();
    await type(page, { outcome: '已补装', closedAt: ago(20) });
    await press(page, '结案');
    await refused(page, 'closedAt');
    await type(page, { closedAt: minute() });
    await press(page, '结案');
    await shut(page);
    await row(page).waitFor({ state: 'detached' });
  });
}, 300_000);

test('work outside the price list is asked for from its ticket, approved, and charged once it is done', async () => {
  await register('T-9003');
  await on('technician', '/tickets/T-9003', async (page) => {
    await press(page, '申请标准外服务');
    await type(page, { charge: 'SF-9003', kind: 'REPAIR', service: '补装闭门器', unit: '个', unitPrice: '350', taxRate: '6', reason: '收费标准里没有' });
    await fine(page);
    await press(page, '提交申请');
    await refused(page, 'taxRate');
    await type(page, { taxRate: '6%' });
    await press(page, '提交申请');
    await shut(page);
  });
  const row = (page: Page) => page.getByRole('row').filter({ hasText: 'SF-9003' });
  await on('hq-affairs-supervisor', '/off-list?status=PENDING', async (page) => {
    await row(page).getByRole('checkbox').check();
    await page.getByRole('button', { name: /^批准 1 笔/ }).click();
    await page.getByText(/已批准/).first().waitFor();
  });
  await on('regional-admin', '/off-list', async (page) => {
    expect(await row(page).getByRole('link', { name: 'SF-9003' }).count()).toBe(0); // no charge yet
    await row(page).getByRole('button', { name: '登记完工…' }).click();
    await type(page, { occurredOn: '2999-01-01' });
    await fine(page);
    await press(page, '登记完工并收费');
    await refused(page, 'occurredOn');
    await type(page, { occurredOn: ago(0).slice(0, 10) });
    await press(page, '登记完工并收费');
    await shut(page);
    await row(page).getByRole('link', { name: 'SF-9003' }).click();
    await page.getByRole('heading', { name: '补装闭门器' }).waitFor();
    await page.getByText('350.00').first().waitFor();
  });
  await on('regional-admin', '/off-list', async (page) => {
    await press(page, '申请标准外服务…');
    await fine(page);
    await type(page, { center: 'C01', project: 'P999', kind: 'ADD', service: '加装探头', unit: '个', unitPrice: '80', taxRate: '13%', reason: '业主要求' });
    await press(page, '提交申请');
    await refused(page, 'project');
  });
}, 300_000);

test('damage outside warranty is quoted on its ticket, and the city lead’s F2 states exactly that amount', async () => {
  await register('T-9004');
  await command('technician', '/v1/tickets/T-9004/notification', { notifiedAt: new Date(Date.now() - 9 * 3_600_000).toISOString(), category: 'ORDINARY' });
  await on('hq-affairs-supervisor', '/tickets/T-9004', async (page) => {
    await press(page, '报赔偿价');
    await type(page, { quote: 'BJ-9004', damage: '搬家撞坏门口机', amount: '0', taxRate: '6%' });
    await fine(page);
    await press(page, '报赔偿价');
    await refused(page, 'amount');
    await type(page, { amount: '1,900' });
    await press(page, '报赔偿价');
    await page.getByRole('status').getByText('BJ-9004').waitFor();
  });
  await on('city-lead', '/tickets/T-9004', async (page) => {
    await press(page, '填报赔偿 F2');
    await type(page, { return: 'F2-9004', quote: 'BJ-9004', amount: '1800' });
    await fine(page);
    await press(page, '提交赔偿 F2');
    await refused(page, 'amount'); // not what was quoted
    await type(page, { amount: '1900' });
    await press(page, '提交赔偿 F2');
    await page.waitForURL(/\/repairs\/F2-9004/);
    await settled(page);
    await page.getByText('搬家撞坏门口机').first().waitFor();
  });
}, 240_000);

test('the papers of a depot: each is written where the stock is seen, and stands among its movements', async () => {
  const day = ago(0).slice(0, 10);
  /** Writes one paper: refused at a field first, then as it is mended. */
  const write = async (page: Page, which: string, send: string, first: Record<string, string>, wrong: string, mended: Record<string, string>) => {
    await press(page, '填单…');
    await page.getByRole('group', { name: '哪种单' }).getByRole('button', { name: which, exact: true }).click();
    await type(page, first);
    await fine(page);
    await page.locator('form button[type=submit]').filter({ hasText: send }).click();
    await refused(page, wrong);
    await type(page, mended);
    await page.locator('form button[type=submit]').filter({ hasText: send }).click();
    await shut(page);
    await settled(page);
  };
  const moved = async (page: Page, slip: string, kind: string) => {
    await go(page, `/parts/movements?from=${day}`);
    await page.getByRole('row').filter({ hasText: slip }).filter({ hasText: kind }).first().waitFor();
    await go(page, '/parts/stock?project=P001');
  };
  await on('regional-admin', '/parts/stock?project=P001', async (page) => {
    await write(page, '入库', '入库', { receipt: 'RK-9001', part: 'VI-07A', quantity: '3', value: '900', source: 'PURCHASE', serials: 'VI9991001，VI9991002' }, 'serials', { serials: 'VI9991001 VI9991002 VI9991003' });
    await moved(page, 'RK-9001', '入库');
    await write(page, '出库', '出库', { slip: 'OUT-9101', part: 'VI-07A', quantity: '1', taker: '张伟', serials: 'VI9991003', issuedOn: '2999-01-01' }, 'issuedOn', { issuedOn: day });
    await moved(page, 'OUT-9101', '出库');
    await write(page, '退库', '退库', { return: 'TK-9001', issue: 'OUT-9101', quantity: '2', returnedBy: '张伟', serials: 'VI9991003 VI9991009' }, 'quantity', { quantity: '1', serials: 'VI9991003' });
    await moved(page, 'TK-9001', '退库');
    await write(page, '调拨出库', '调拨出库', { transfer: 'DB-9001', part: 'VI-07A', quantity: '1', to: 'P001', serials: 'VI9991001' }, 'to', { to: 'P002' });
    await moved(page, 'DB-9001', '调拨出库');
    await write(page, '拒收', '拒收', { project: 'P002', transfer: 'DB-9001', from: 'P001', back: 'DB-9001', reason: '发错项目' }, 'back', { back: 'DB-9002' });
    await moved(page, 'DB-9002', '发错项目');
    await write(page, '调拨入库', '收下', { transfer: 'DB-9002', from: 'P002', receivedOn: '2025-01-01' }, 'receivedOn', { receivedOn: day });
    await moved(page, 'DB-9002', '调拨入库');
    await write(page, '旧件交回', '交回', { handIn: 'JJ-9101', part: 'VI-07A', quantity: '1', serials: 'VI9992001', handedInBy: '张伟', handedInOn: '2999-01-01' }, 'handedInOn', { handedInOn: day });
    await write(page, '返厂', '寄出', { shipment: 'FC-9001', maker: '安居视讯', 'units[0].part': 'VI-07A', 'units[0].serial': 'VI9992001', 'units[0].quantity': '2' }, 'units[0].quantity', { 'units[0].quantity': '1' });
    await go(page, '/serials/VI9992001');
    for (const paper of ['JJ-9101', 'FC-9001']) await page.getByText(paper).first().waitFor();
    await go(page, '/parts/stock?project=P001');
    await write(page, '报废', '报废', { scrap: 'BF-9001', part: 'VI-07A', condition: 'GOOD', quantity: '1', serials: 'VI9991002', reason: '进水', scrappedOn: '2999-01-01' }, 'scrappedOn', { scrappedOn: day });
    await moved(page, 'BF-9001', '报废');

    // The sheet lists what the depot holds; what was counted is not filled in for anybody.
    await press(page, '填单…');
    await page.getByRole('dialog').getByRole('button', { name: '盘点', exact: true }).click();
    await page.locator('[name="lines[0].part"]').waitFor();
    const lines = await page.locator('form fieldset').count();
    expect(lines).toBeGreaterThan(3);
    await fine(page);
    await type(page, { count: 'PD-9001', countedBy: '张伟' });
    await page.locator('form button[type=submit]').click();
    await refused(page, 'lines[0].counted');
    for (let i = 0; i < lines; i++) await page.locator(`[name="lines[${i}].counted"]`).fill('1');
    await page.locator('form button[type=submit]').click();
    await shut(page);
    await go(page, `/parts/stock?project=P001&month=${day.slice(0, 7)}&through=${day.slice(0, 7)}`);
    await page.getByRole('link', { name: 'PD-9001' }).first().waitFor();
  });
}, 600_000);

test('who may not write a paper is offered none', async () => {
  await on('tech-group-lead', '/parts/stock?project=P001', async (page) => expect(await page.getByRole('button', { name: '填单…' }).count()).toBe(0));
  await on('department-manager', '/repairs', async (page) => expect(await page.getByRole('button', { name: '填报 F2…' }).count()).toBe(0));
  await on('tech-group-lead', '/off-list', async (page) => expect(await page.getByRole('button', { name: '申请标准外服务…' }).count()).toBe(0));
}, 120_000);
