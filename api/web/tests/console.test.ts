import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { axeFinds, go, launch, open, reports, settled, shown } from './open';

// The rules of the console, each with a public complaint behind it, in a real
// browser before the real server on the sample year.

const base = inject('base');
const people = inject('people');
const finance = people.finance ?? '';
const year = 'asOf=2025-12-31';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const cell = (page: Page, row: number, head: string) => page.locator('tbody tr:not(.group)').nth(row).locator(`td[data-head="${head}"]`).textContent();

test('on a phone a table is a list: number and name before the amount, ticks and totals in sight, the rest folded away until it is asked for', async () => {
  const { page, context } = await open(browser, base, people['regional-admin'] ?? '', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await go(page, `/statements?${year}`);
  const row = page.locator('tr[data-row="C01"]');
  const box = async (of: string) => (await row.locator(of).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [whole, tick, name, sum] = [await box('xpath=.'), await box('.tick'), await box('.card-name'), await box('.card-sum')];
  expect(whole.height).toBeLessThan(110);
  expect([tick.width, tick.x < name.x, name.x + name.width <= sum.x]).toEqual([24, true, true]);
  expect(Math.abs(sum.x + sum.width - (whole.x + whole.width))).toBeLessThan(14);
  expect(Math.abs(sum.y - name.y)).toBeLessThan(6);
  await page.locator('th.choice input').click();
  expect(await row.locator('.tick').isChecked()).toBe(true);

  await go(page, `/receivables?${year}`);
  // What a row comes to is never folded away: each card adds up.
  const cards = await page.locator('tbody tr[data-row]').evaluateAll((all) => all.map((card) => Object.fromEntries([...card.querySelectorAll('td')].filter((c) => c.checkVisibility()).map((c) => [c.dataset.head ?? '', c.textContent ?? '']))));
  expect(cards.length).toBe(12);
  for (const card of cards) expect(shown(card['未付合计']) - shown(card['未核销款']) + shown(card['账销案存'])).toBe(shown(card['期末']));
  expect(await page.locator('tfoot .card-sum').innerText()).toMatch(/115,053\.09/);
  await page.getByRole('button', { name: '逾期' }).click();
  await page.waitForURL(/sort=-overdue/);
  await go(page, `/charges?${year}`);
  const folded = page.locator('tbody tr[data-row] td[data-head="入账季度"]').first();
  expect(await folded.isVisible()).toBe(false);
  await page.getByRole('button', { name: '全部栏目' }).click();
  expect(await folded.isVisible()).toBe(true);
  await context.close();
});

test('on a phone what an entry moved stands at its right end, debit or credit; a step of a time line says what its figures are, and a form keeps each date by its word', async () => {
  const { page, context } = await open(browser, base, finance, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await go(page, `/charges/C02/F3-C02-00107?${year}&view=postings`);
  const ends = page.locator('tbody .card-sum:visible');
  expect(await ends.allInnerTexts()).toEqual(['808.60', '715.58', '93.02', '808.60', '808.60']);
  expect(await ends.evaluateAll((all) => all.map((c) => (c as HTMLElement).dataset.head))).toEqual(['借', '贷', '贷', '借', '贷']);
  await go(page, `/charges/C02/F3-C02-00107?${year}`);
  const step = page.locator('.timeline li', { hasText: '回款核销' }).locator('.figures > [data-head]');
  expect(await step.evaluateAll((all) => all.map((f) => `${(f as HTMLElement).dataset.head} ${f.textContent}`))).toEqual(['金额 −808.60', '仍欠 0.00']);
  await go(page, `/charges?${year}`);
  const until = page.locator('.dates > .end').nth(1);
  const [word, field] = [await until.boundingBox(), await until.locator('input').boundingBox()];
  expect((field?.y ?? 0) < (word?.y ?? 0) + (word?.height ?? 0)).toBe(true);
  // What the row opens is known by its colour, also where the row has no link of its own.
  await go(page, `/parts/stock?${year}`);
  const [month, link] = [page.locator('tbody td.card-head').first(), page.locator('tbody td a').first()];
  expect(await month.evaluate((e) => getComputedStyle(e).color)).toBe(await link.evaluate((e) => getComputedStyle(e).color));
  await context.close();
});

test('a version of a form that another took the place of is read on paper where it is told of', async () => {
  const { page, context } = await open(browser, base, people['regional-admin'] ?? '');
  await go(page, `/filings/P015/2025-01?${year}&form=F4`);
  await page.getByRole('button', { name: 'F4 纸面 第 1 版' }).click();
  const paper = page.frameLocator('.paper-pane iframe');
  await paper.getByText('由第 2 版取代').first().waitFor();
  await page.getByRole('button', { name: 'F4 纸面', exact: true }).click();
  await paper.getByText('第 2 版', { exact: true }).waitFor();
  await context.close();
});

test('a paper is in sight on a phone when it is asked for, and as wide as its pane on a desk', async () => {
  const { page, context } = await open(browser, base, people['regional-admin'] ?? '', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await go(page, `/filings/P001/2025-11?${year}&form=F3`);
  // The head says who one is and as what, leads to one's own page, and has room for all of it.
  const head = page.locator('.top');
  expect(await head.locator('.role').innerText()).toBe('区域行政');
  expect(await head.locator('.name a').getAttribute('href')).toMatch(/^\/me/);
  const out = await head.getByRole('button', { name: '退出' }).boundingBox();
  expect((out?.x ?? 999) + (out?.width ?? 0)).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: 'F3 纸面' }).click();
  const paper = page.locator('.paper-pane iframe');
  const small = await paper.boundingBox();
  expect([(small?.y ?? 999) < 600, (small?.width ?? 0) > 340, (small?.height ?? 0) > 400]).toEqual([true, true, true]);
  expect(await page.getByRole('link', { name: '全屏看' }).getAttribute('href')).toMatch(/format=html/);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(async () => Math.round((await paper.boundingBox())?.width ?? 0)).toBe(Math.round((await page.locator('.sheet').boundingBox())?.width ?? -1));
  expect(await paper.evaluate((e) => (e as HTMLElement).offsetWidth)).toBeGreaterThan(1100); // laid out as it is printed
  await context.close();
});

test('on an earlier day a button says that it acts today, and whoever leaves while it is being sent is told what became of it', async () => {
  const { page, context } = await open(browser, base, people['regional-admin'] ?? '');
  let answer: () => void = () => undefined;
  const held = new Promise<void>((go) => (answer = go));
  await page.route('**/F1/collection', async (route) => {
    await held;
    await route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:x', title: '不行', status: 409, detail: '还差两份' }) });
  });
  await go(page, `/filings?${year}&month=2025-11&region=华东`);
  await page.getByRole('button', { name: '收齐并转出 F1…' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toMatch(/2025年12月31日 的样子；这里办的事按现在的账目办/);
  await dialog.getByRole('button', { name: '收齐并转出 F1' }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  answer();
  await page.getByText('收齐并转出 F1：没有办成。还差两份').waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  expect(await page.getByText('还差两份').count()).toBe(0);
  await context.close();
});

test('on paper a table has every row and every column, what was chosen, and nothing that can be pressed', async () => {
  const { page, context } = await open(browser, base, people['tech-group-lead'] ?? '');
  await page.setViewportSize({ width: 1047, height: 700 }); // as wide as A4 across
  await go(page, '/kit?rows=1000');
  const drawn = page.locator('.table[aria-rowcount="1001"] tbody tr[data-row]');
  expect(await drawn.count()).toBeLessThan(200);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await drawn.count()).toBe(1000);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.waitForFunction(() => document.querySelectorAll('.table[aria-rowcount="1001"] tbody tr[data-row]').length < 200);

  await go(page, '/parts/findings?asOf=2025-12-31');
  const column = page.locator('th', { hasText: '责任人' });
  expect([await column.isVisible(), await page.locator('th.choice').isVisible()]).toEqual([false, true]);
  await page.emulateMedia({ media: 'print' });
  expect([await column.isVisible(), await page.locator('th.choice').isVisible()]).toEqual([true, false]);
  expect(await page.locator('.chip:visible').evaluateAll((all) => all.map((c) => c.getAttribute('aria-pressed')))).not.toContain('false');
  expect(await page.locator('.button:visible').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await context.close();
}, 120_000);

test('1: a table of 100,000 rows scrolls, ticks, and draws only what is seen', async () => {
  const { page, context, wrong } = await open(browser, base, finance);
  await go(page, '/kit?rows=100000');
  const table = page.locator('.table[aria-rowcount="100001"]');
  expect(await table.locator('tbody tr').count()).toBeLessThan(120);
  await table.locator('tbody input').first().click();
  expect(await table.locator('tbody input').first().isChecked()).toBe(true);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('.table[aria-rowcount="100001"] tbody tr[data-row]')].map((r) => r.getBoundingClientRect());
    return rows.some((r) => r.top < innerHeight / 2 && r.bottom > innerHeight / 2 - 30);
  });
  expect(await table.locator('tbody tr').count()).toBeLessThan(120);
  expect(wrong).toEqual([]);
  await context.close();
});

test('2: the address is the only state: in a fresh session it shows the same', async () => {
  const first = await open(browser, base, finance);
  await go(first.page, `/receivables?${year}`);
  await first.page.getByRole('link', { name: '华南' }).click();
  await settled(first.page);
  await first.page.getByRole('button', { name: '逾期', exact: true }).click();
  await first.page.waitForURL(/sort=-overdue/);
  await settled(first.page);
  const address = first.page.url();
  const text = await first.page.locator('table').innerText();
  const second = await open(browser, base, finance);
  await go(second.page, address);
  expect(await second.page.locator('table').innerText()).toBe(text);
  expect(await cell(second.page, 0, '中心')).toBe('C08');
  await first.page.goBack();
  await first.page.waitForURL((u) => !u.search.includes('sort'));
  await first.context.close();
  await second.context.close();
});

test('3: not due and the buckets of the ages partition what is open, and the foot proves its sums', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, `/receivables?${year}&view=age`);
  const rows = await page.locator('tbody tr:not(.group)').count();
  expect(rows).toBe(12);
  for (let i = 0; i < rows; i++) {
    const of = async (head: string) => shown(await cell(page, i, head));
    let sum = await of('未到期');
    for (const age of ['1–30 天', '31–60 天', '61–90 天', '91–180 天', '181–365 天', '> 365 天']) sum += await of(age);
    expect(sum).toBe(await of('未付合计'));
    expect((await of('未付合计')) - (await of('未核销款')) + (await of('账销案存'))).toBe(await of('期末'));
  }
  expect(await page.locator('.proofs .proved').count()).toBe(4);
  expect(await page.locator('.proofs .wrong').count()).toBe(0);
  await context.close();
});

test('4: from the company to the event, each step foots to the one before and carries the cut', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, `/receivables?${year}`);
  const open3 = await cell(page, 2, '未付合计');
  await page.locator('tbody tr:not(.group)').nth(2).locator('td[data-head="未付合计"] a').click();
  await page.waitForURL(/\/charges\?.*center=C03/);
  await settled(page);
  expect(page.url()).toContain('asOf=2025-12-31');
  await page.getByText(`${open3} 相符`).waitFor();
  await page.locator('tbody tr[data-row]').first().locator('a').click();
  await page.waitForURL(/\/charges\/C03\//);
  await settled(page);
  await page.locator('.timeline button').first().click();
  await page.waitForURL(/event=\d+/);
  await page.getByText('原始事件').first().waitFor();
  // A figure that is not what it came from is said to differ.
  await go(page, `/charges?${year}&center=C03&open=1&foots=1.00`);
  await page.getByText('相差').waitFor();
  await context.close();
});

test('5: an export is the same question, with filters, cut, rows and sum at its head', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, `/charges?${year}&center=C03&open=1`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出' }).click()]);
  const stream = await download.createReadStream();
  let text = '';
  for await (const part of stream) text += (part as Buffer).toString();
  const lines = text.replace(/^\uFEFF/, '').trim().split('\n');
  const finding = (await page.locator('.finding').textContent()) ?? '';
  expect(lines[0]).toBe('收费');
  expect(lines[1]).toContain('截至 2025-12-31');
  expect(lines[2]).toMatch(/中心=C03/);
  const at = lines.findIndex((l) => /共 \d+ 行/.test(l)); // above it: what was asked, and how far the rights of who asked reach
  const n = /共 (\d+) 行/.exec(lines[at] ?? '')?.[1];
  expect(finding).toContain(`${n} 笔`);
  expect(lines.length).toBe(at + 3 + parseInt(n ?? '0', 10));
  const sums = (lines[at + 1] ?? '').split(',');
  expect(finding.replaceAll(',', '')).toContain(sums.at(-1));
  await context.close();
});

test('6: all that match is a state of its own', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, '/kit');
  await page.getByLabel('选择本页全部').click();
  await page.getByText('改为选择全部符合条件的 12,431 行').click();
  await page.getByText('全部符合条件的 12,431 行，合计 1,234,567.89').waitFor();
  await page.getByText('取消选择').click();
  expect(await page.locator('tbody input:checked').count()).toBe(0);
  await context.close();
});

describe('a form', () => {
  const fill = async (page: Page) => {
    await go(page, '/kit');
    await page.locator('input[name=amount]').fill('１，２３４．５');
    await page.locator('input[name=day]').fill('2025年12月31日');
    await page.locator('textarea[name=name]').fill('测试');
  };

  test('11: amounts are typed as text, understood, and rounded by nobody', async () => {
    const { page, context } = await open(browser, base, finance);
    await fill(page);
    await page.getByText('读作 1,234.50 元').waitFor();
    expect(await page.locator('input[name=amount]').inputValue()).toBe('１，２３４．５');
    await page.locator('input[name=amount]').fill('12.345');
    await page.locator('textarea[name=name]').focus();
    await page.getByText('金额最多两位小数').waitFor();
    expect(await page.locator('input[name=amount]').inputValue()).toBe('12.345');
    await context.close();
  });

  test('7: a double click sends one command, under one key', async () => {
    const { page, context } = await open(browser, base, finance);
    const keys: string[] = [];
    await page.route('**/v1/centers', async (route) => {
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      await new Promise((r) => setTimeout(r, 300));
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, type: 'x', title: 'x', detail: '稍后再试' }) });
    });
    await fill(page);
    await page.getByRole('button', { name: '提交' }).dblclick();
    await page.getByText('稍后再试').waitFor();
    expect(keys.length).toBe(1);
    await page.getByRole('button', { name: '提交' }).click();
    await expect.poll(() => keys.length).toBe(2);
    expect(keys[0]).toBe(keys[1]); // a retry of the same is the same command
    await context.close();
  });

  test('the server’s refusal stands at its field, in its words', async () => {
    const { page, context } = await open(browser, base, finance);
    await page.route('**/v1/centers', (route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ status: 422, type: 'x', title: 'x', detail: 'd', violations: [{ field: 'name', value: '测试', rule: '名称已被使用' }] }) }));
    await fill(page);
    await page.getByRole('button', { name: '提交' }).click();
    await page.locator('.below.error', { hasText: '名称已被使用' }).waitFor();
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('name');
    await context.close();
  });

  test('12: Enter that takes a candidate of an input method sends nothing', async () => {
    const { page, context } = await open(browser, base, finance);
    let sent = 0;
    page.on('request', (r) => r.method() === 'POST' && sent++);
    await fill(page);
    await page.locator('input[name=amount]').evaluate((el) => el.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true })));
    await page.locator('input[name=amount]').evaluate((el) => el.dispatchEvent(new KeyboardEvent('keydown', { key: '?', isComposing: true, bubbles: true })));
    expect(await page.locator('[role="dialog"], .keys').count()).toBe(0);
    expect(sent).toBe(0);
    await context.close();
  });

  test('13: who comes second keeps what was typed, and may try again', async () => {
    const { page, context } = await open(browser, base, finance);
    await page.route('**/v1/centers', (route) => route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify({ status: 409, type: 'x', title: 'x', detail: '王芳 刚刚登记了同一中心' }) }));
    await fill(page);
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('王芳 刚刚登记了同一中心').waitFor();
    expect(await page.locator('textarea[name=name]').inputValue()).toBe('测试');
    await page.reload();
    await settled(page);
    expect(await page.locator('textarea[name=name]').inputValue()).toBe('测试');
    await context.close();
  });
});

test('10: dates are the same in every time zone', async () => {
  const texts: string[] = [];
  for (const timezoneId of ['UTC', 'Asia/Shanghai', 'America/Los_Angeles']) {
    const { page, context } = await open(browser, base, finance, { timezoneId });
    await go(page, `/charges/C02/F3-C02-00107?${year}`);
    texts.push(await page.locator('.page').innerText());
    await context.close();
  }
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
});

test('14: everything is reached by keys: jumps, search, the list of keys, the skip link', async () => {
  const { page, context, wrong } = await open(browser, base, finance);
  await go(page, `/receivables?${year}`);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL(/\/trial-balance\?asOf=2025-12-31/);
  await settled(page);
  for (const close of ['?', 'Escape']) {
    await page.keyboard.press('?');
    await page.getByRole('region', { name: '快捷键' }).waitFor();
    // Each key lies over the control that it presses.
    const link = await page.locator('[data-keys="g r"]').boundingBox();
    const marks = await page.locator('.key-mark').evaluateAll((all) => all.map((m) => ({ says: m.textContent, at: m.getBoundingClientRect().toJSON() as DOMRect })));
    const mark = marks.find((m) => m.says === 'gr')?.at;
    expect(link && mark && Math.abs(mark.top - link.y) < 20 && mark.left > link.x && mark.left < link.x + link.width).toBe(true);
    expect(await axeFinds(page)).toEqual([]);
    await page.keyboard.press(close);
    await page.getByRole('region', { name: '快捷键' }).waitFor({ state: 'detached' });
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('F3-C02-00107');
  // The way to all that is found stands there before the first find does.
  await page.getByRole('option', { name: /^F3-C02-00107/ }).first().waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/charges\/C02\/F3-C02-00107/);
  await page.goto(`/receivables?${year}`);
  await settled(page);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('跳到内容');
  expect(wrong).toEqual([]);
  await context.close();
});

test('16: a date that is typed and picked makes no report', async () => {
  const { page, context, wrong } = await open(browser, base, finance);
  await go(page, `/receivables?${year}`);
  await page.getByRole('button', { name: /截至哪一天/ }).click();
  await page.getByRole('button', { name: /9月30日|30/ }).first().waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await page.getByLabel('日期').fill('2025年9月30日');
  await page.keyboard.press('Enter');
  await page.waitForURL(/asOf=2025-09-30/);
  await settled(page);
  await page.getByText('2025年9月30日').first().waitFor();
  expect(await reports(page)).toEqual([]);
  expect(wrong).toEqual([]);
  await context.close();
});

test('a server that is away is said, and its figures are not zeros', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, `/receivables?${year}`);
  const total = await page.locator('tfoot').innerText();
  await context.setOffline(true);
  await page.getByText('服务器没有应答').waitFor();
  expect(await page.locator('tfoot').innerText()).toBe(total);
  await context.setOffline(false);
  await page.getByText('服务器没有应答').waitFor({ state: 'detached' });
  await context.close();
});

test('what one may not see is said as such', async () => {
  const { page, context } = await open(browser, base, finance);
  await page.route('**/v1/trial-balance?**', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, type: 'x', title: 'x', detail: '需要财务角色' }) }));
  await go(page, `/trial-balance?${year}`);
  await page.getByText('您的角色看不到这一页').waitFor();
  await page.getByText('需要财务角色').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await context.close();
});

test('a session that ends while one types: nothing typed is lost, and one signs in over the page', async () => {
  const { page, context } = await open(browser, base, finance);
  await go(page, '/kit');
  await page.locator('textarea[name=name]').fill('写到一半');
  await page.route('**/v1/centers', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ status: 401, type: 'x', title: 'x', detail: '会话已结束' }) }));
  await page.locator('input[name=amount]').fill('1');
  await page.locator('input[name=day]').fill('2025-12-31');
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('登录已过期').first().waitFor();
  expect(await page.locator('textarea[name=name]').inputValue()).toBe('写到一半');
  await page.getByLabel('密码').waitFor();
  expect(await axeFinds(page)).toEqual([]);
  await context.close();
});

test('nobody is let in without signing in, and is told why not', async () => {
  const { page, context } = await open(browser, base, '');
  await page.goto(`/receivables?${year}`);
  await page.getByLabel('登录名').fill('finance.1');
  await page.getByLabel('密码').fill('wrong');
  await page.getByRole('button', { name: '登录' }).click();
  await page.locator('.below.error').filter({ hasText: /./ }).waitFor();
  expect(await page.locator('table').count()).toBe(0);
  expect(await axeFinds(page)).toEqual([]);
  await context.close();
});

test('English says the same', async () => {
  const { page, context } = await open(browser, base, finance, { language: 'en' });
  await go(page, `/receivables?${year}`);
  await page.getByRole('heading', { name: 'Receivables' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en-US');
  const text = await page.locator('.page-title, thead, .proofs').allInnerTexts();
  expect(text.join(' ').replace(/[\u3400-\u9fff]+物业服务中心/g, '')).not.toMatch(/[\u3400-\u9fff]/); // centers are called as they are
  await context.close();
});
