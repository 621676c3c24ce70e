import type { Page } from 'playwright-core';

// Every page and state that is looked at: by axe, under the policy, on a phone, and as
// a picture.

export interface Look {
  name: string;
  path: string;
  /** Whose page it is; empty: nobody's. */
  who: 'finance' | 'regional-admin' | 'tech-group-lead' | 'center-head' | 'hq-affairs-supervisor' | 'city-lead' | '';
  full?: boolean;
  /** What is answered otherwise than the server would. */
  before?: (page: Page) => Promise<unknown>;
  /** What is pressed before it is looked at. */
  act?: (page: Page) => Promise<void>;
  /** Only where there is a keyboard. */
  wide?: boolean;
  /** It is looked at while it reads. */
  waiting?: boolean;
}

const answer = (path: string, status: number, body: object) => (page: Page) => page.route(path, (route) => route.fulfill({ status, contentType: 'application/problem+json', json: body }));
const press = (...names: (string | RegExp)[]) => async (page: Page) => {
  for (const name of names) await page.getByRole('button', { name }).first().click();
};

/** A bank's file with lines of each kind: by number, by name, by nothing. */
export const bankDay = `账号,0000000000000000001,,,,,
交易日期,交易流水号,对方户名,附言,借方金额,贷方金额,余额
2026-11-03,2026112800001,枫林花园物业服务中心,付 F3-C09-00054 F3-C09-00067,,1134.50,81134.50
2026-11-03,2026112800002,碧水花园物业服务中心,付 F3-C07-00077,,364.00,81498.50
2026-11-04,2026112800003,王*,转账,,54.00,81552.50
2026-11-04,2026112800004,紫薇花园物业服务中心,服务费,,12000.00,93552.50
2026-11-05,2026112800005,手续费,网银手续费,12.00,,93540.50
合计,5笔,,,12.00,13552.50,`;

const bank = async (page: Page) => {
  await page.setInputFiles('#bank-file', { name: '20261108.csv', mimeType: 'text/csv', buffer: Buffer.from(bankDay) });
  await page.getByText('怎么读的', { exact: false }).or(page.getByText('How it was read')).first().waitFor();
  await page.locator('.side .panel').first().waitFor();
};

const at = 'asOf=2025-12-31';

export const looks: Look[] = [
  { name: 'home-finance', path: `/?${at}`, who: 'finance' },
  { name: 'home-admin', path: `/?${at}`, who: 'regional-admin' },
  { name: 'home-lead', path: `/?${at}`, who: 'tech-group-lead' },
  { name: 'find', path: `/find?${at}&text=2304`, who: 'finance' },
  { name: 'find-nothing', path: `/find?${at}&text=zzzzzz`, who: 'finance' },
  { name: 'receivables', path: `/receivables?${at}`, who: 'finance' },
  { name: 'receivables-age', path: `/receivables?${at}&view=age`, who: 'finance' },
  { name: 'receivables-project', path: `/receivables?${at}&view=project`, who: 'finance' },
  { name: 'account', path: `/centers/C02?${at}`, who: 'finance' },
  { name: 'account-payments', path: `/centers/C02?${at}&view=payments`, who: 'finance' },
  { name: 'receive', path: `/centers/C02?${at}`, who: 'finance', act: press(/登记回款|Record a payment/) },
  { name: 'charging', path: `/centers/C02?${at}`, who: 'regional-admin', act: press(/登记收费|Record charges/) },
  { name: 'quote', path: `/centers/C02?${at}`, who: 'hq-affairs-supervisor', act: press(/赔偿报价|Quote comp/) },
  { name: 'compensation', path: `/centers/C01?${at}`, who: 'city-lead', act: press(/赔偿流程表|Compensation F2/) },
  { name: 'move', path: `/centers/C02?${at}`, who: 'regional-admin', act: press(/项目移交|Transfer a project/) },
  { name: 'charges', path: `/charges?${at}`, who: 'finance' },
  { name: 'charge', path: `/charges/C02/F3-C02-00107?${at}`, who: 'finance' },
  { name: 'charge-fields', path: `/charges/C02/F3-C02-00107?${at}&view=fields`, who: 'finance' },
  { name: 'charge-postings', path: `/charges/C02/F3-C02-00107?${at}&view=postings`, who: 'finance' },
  { name: 'charge-unknown', path: `/charges/C02/F3-C02-99999?${at}`, who: 'finance' },
  { name: 'payment', path: `/payments/C02/20250829C02000002?${at}`, who: 'finance' },
  { name: 'trial-balance', path: `/trial-balance?${at}`, who: 'finance' },
  { name: 'ledger-account', path: `/trial-balance/1122.1?${at}`, who: 'finance' },
  { name: 'trust', path: `/trust?${at}`, who: 'finance' },
  { name: 'no-page', path: `/nothing?${at}`, who: 'finance' },
  { name: 'kit', path: '/kit', who: 'finance', full: true },
  { name: 'statements', path: `/statements?${at}`, who: 'regional-admin' },
  { name: 'statement', path: `/centers/C02/statements/2025Q3?${at}`, who: 'regional-admin' },
  { name: 'statement-paper', path: `/centers/C02/statements/2025Q3?${at}&paper=statement`, who: 'regional-admin' },
  { name: 'statement-settle', path: `/centers/C02/statements/2025Q3?${at}&lines=disputed&line=F3-C02-00180`, who: 'regional-admin' },
  { name: 'compare', path: `/compare?${at}&thenAsOf=2025-11-30&center=C02`, who: 'finance' },
  { name: 'me', path: '/me', who: 'finance' },
  { name: 'bank', path: '/bank', who: 'finance' },
  { name: 'payments', path: `/payments?${at}`, who: 'finance' },
  { name: 'payments-unapplied', path: `/payments?${at}&unapplied=1`, who: 'finance' },
  { name: 'payments-conflicts', path: `/payments/conflicts?${at}`, who: 'finance' },
  { name: 'collection', path: `/collection?${at}`, who: 'finance' },
  { name: 'corrections', path: `/corrections?${at}`, who: 'finance' },
  { name: 'off-list', path: `/off-list?${at}`, who: 'regional-admin' },
  { name: 'quotes', path: `/quotes?${at}`, who: 'city-lead' },
  { name: 'disputes', path: `/disputes?${at}`, who: 'regional-admin' },
  { name: 'my-statement', path: '/my/statement', who: 'center-head' },
  { name: 'verify', path: `/parts/verify?${at}`, who: 'tech-group-lead' },
  { name: 'verify-blame', path: `/parts/verify?${at}&blame=1`, who: 'tech-group-lead' },
  { name: 'findings', path: `/parts/findings?${at}`, who: 'tech-group-lead' },
  { name: 'stock', path: `/parts/stock?${at}`, who: 'tech-group-lead' },
  { name: 'movements', path: `/parts/movements?${at}&project=P001&part=VI-07A`, who: 'tech-group-lead' },
  { name: 'transfers', path: `/parts/transfers?${at}&show=all`, who: 'tech-group-lead' },
  { name: 'failures', path: `/parts/failures?${at}`, who: 'tech-group-lead' },
  { name: 'failing', path: `/parts/failures/one?${at}&part=VI-07A&from=2025-01-01&to=2025-12-31`, who: 'tech-group-lead' },
  { name: 'serial', path: `/serials/VI2301405?${at}`, who: 'tech-group-lead' },
  { name: 'repairs', path: `/repairs?${at}`, who: 'regional-admin' },
  { name: 'repair', path: `/repairs/F2-P001-0001?${at}`, who: 'regional-admin' },
  { name: 'payables', path: `/payables?${at}`, who: 'regional-admin' },
  { name: 'requisitions', path: `/requisitions?${at}&show=all`, who: 'tech-group-lead' },
  { name: 'requisition', path: `/requisitions/SQ-P001-001?${at}`, who: 'regional-admin' },
  { name: 'escalations', path: `/escalations?${at}&show=all`, who: 'regional-admin' },
  { name: 'handovers', path: `/handovers?${at}&show=all`, who: 'regional-admin' },
  { name: 'stock-adjust', path: `/parts/stock?${at}&month=2025-11`, who: 'regional-admin', act: press(/^(调整…|Adjust…)$/) },
  { name: 'filings', path: `/filings?${at}`, who: 'regional-admin' },
  { name: 'filings-region', path: `/filings?${at}&region=华东`, who: 'regional-admin' },
  { name: 'filing', path: `/filings/P001/2025-12?${at}`, who: 'regional-admin' },
  { name: 'filing-turn', path: `/filings/P021/2025-12?${at}&form=F3`, who: 'regional-admin' },
  { name: 'filing-paper', path: `/filings/P001/2025-11?${at}&form=F3&paper=form`, who: 'regional-admin' },
  { name: 'imports', path: '/imports', who: 'regional-admin' },
  { name: 'notices', path: '/notices', who: 'regional-admin' },
  { name: 'ticket-escalated', path: `/tickets/F0-P002-00024?${at}`, who: 'regional-admin' },
  { name: 'ticket', path: `/tickets/F0-P001-00001?${at}`, who: 'regional-admin' },
  { name: 'ticket-withdraw', path: `/tickets/F0-P001-00001?${at}`, who: 'tech-group-lead', act: press(/^(撤回到场|Withdraw an arrival)$/) },
  { name: 'ticket-off-list', path: `/tickets/F0-P001-00001?${at}`, who: 'regional-admin', act: press(/^(申请标准外服务|Request off-list work)$/) },
  { name: 'off-list-ask', path: `/off-list?${at}`, who: 'regional-admin', act: press(/^(申请标准外服务…|Request off-list work…)$/) },
  { name: 'file-sheet', path: `/repairs?${at}`, who: 'tech-group-lead', act: press(/^(填报 F2…|File an F2…)$/) },
  ...Object.entries({ issue: /^(出库|Issue)$/, receive: /^(入库|Receive)$/, ship: /^(返厂|Ship)$/, refuse: /^(拒收|Refuse)$/, count: /^(盘点|Count)$/ }).map(([which, name]): Look => ({
    name: `slip-${which}`,
    path: `/parts/stock?${at}&project=P001`,
    who: 'regional-admin',
    act: async (page) => {
      await press(/^(填单…|New slip…)$/)(page);
      await page.getByRole('dialog').getByRole('button', { name }).first().click();
      await page.getByRole('dialog').locator('form').waitFor();
    },
  })),
  { name: 'sign-in', path: '/', who: '' },
  { name: 'keys', path: `/receivables?${at}`, who: 'finance', wide: true, act: async (page) => { await page.keyboard.press('?'); await page.locator('.keys').waitFor(); } },
  { name: 'palette', path: `/receivables?${at}`, who: 'finance', act: async (page) => { await page.keyboard.press('Control+k'); await page.getByRole('combobox').fill('2304'); await page.getByRole('option').nth(3).waitFor(); } },
  { name: 'cut', path: `/receivables?${at}`, who: 'finance', act: async (page) => { await page.locator('.cut .pick').first().click(); await page.locator('.calendar').waitFor(); } },
  { name: 'bank-read', path: '/bank', who: 'finance', act: bank },
  { name: 'bank-matching', path: '/bank', who: 'finance', act: async (page) => { await bank(page); await page.keyboard.press('Enter'); await page.locator('.offer').first().waitFor(); } },
  { name: 'bank-split', path: '/bank', who: 'finance', act: async (page) => { await bank(page); await page.keyboard.press('Enter'); await page.locator('.offer').first().waitFor(); await page.keyboard.press('s'); await page.locator('.split input').first().waitFor(); } },
  { name: 'collection-note', path: `/collection?${at}`, who: 'finance', act: press(/记录联系|Log contact/) },
  { name: 'correction-pick', path: `/corrections?${at}`, who: 'finance', act: async (page) => { await press(/开红冲|New credit note…/)(page); await page.getByLabel(/哪一笔收费|Which charge/).fill('2304'); await page.locator('.case').first().waitFor(); } },
  { name: 'board-issue', path: `/statements?${at}&quarter=2025Q4`, who: 'regional-admin', act: async (page) => { await page.getByLabel(/选择本页全部|Select all on/).first().click(); await press(/^(发出|Issue) 12/)(page); await page.getByRole('dialog').waitFor(); } },
  { name: 'verify-ask', path: `/parts/verify?${at}&show=open`, who: 'tech-group-lead', act: async (page) => { await page.keyboard.press('q'); await page.getByRole('dialog').waitFor(); } },
  { name: 'verified', path: `/trust?${at}`, who: 'finance', act: async (page) => { await press(/开始核查|再核查一次|Verify now|Verify again/)(page); await page.getByText(/核查完毕|Verified at/).waitFor({ timeout: 300_000 }); } },
  { name: 'no-permission', path: `/trial-balance?${at}`, who: 'finance', before: answer('**/v1/trial-balance?**', 403, { status: 403, type: 'x', title: '需要财务角色', detail: '需要财务角色' }) },
  { name: 'away', path: `/receivables?${at}`, who: 'finance', before: answer('**/v1/receivables?**', 503, { status: 503, type: 'x', title: '账表暂时读不出', detail: '账表暂时读不出，请稍后再试' }) },
  { name: 'behind', path: `/receivables?${at}`, who: 'finance', before: answer('**/readyz', 503, { readModel: { state: 'catching-up', position: 100, lagEvents: 120, lagSeconds: 7 } }) },
  { name: 'nothing-waits', path: `/?${at}`, who: 'finance', before: (page) => page.route(/\/v1\/(payments|payables|collection|disputes|notices)/, (route) => route.fulfill({ json: { asOf: '', knownAt: '', readModel: { state: 'live', position: 1, lagEvents: 0, lagSeconds: 0 }, rows: [] } })) },
];

/** Every question of a page; who asks, the names of things and the live feed are answered as ever. */
const questions = (url: URL) => url.pathname.startsWith('/v1/') && !/^\/v1\/(me|names|live|sign-in)\b/.test(url.pathname);
const refuse = (status: number, title: string, detail: string) => (page: Page) =>
  page.route(questions, (route) => (route.request().method() === 'GET' ? route.fulfill({ status, contentType: 'application/problem+json', json: { status, type: 'urn:x', title, detail } }) : route.continue()));

/** What a page is while it has no figures, or older ones, or none that may be seen. */
const without: Pick<Look, 'name' | 'before' | 'waiting'>[] = [
  { name: 'loading', waiting: true, before: (page) => page.route(questions, () => undefined) },
  { name: 'error', before: refuse(500, '出错了', '出错了') },
  { name: 'away', before: refuse(503, '账表暂时读不出', '账表暂时读不出，请稍后再试') },
  { name: 'no-permission', before: refuse(403, '需要财务角色', '需要财务角色') },
  { name: 'behind', before: answer('**/readyz', 503, { readModel: { state: 'catching-up', position: 100, lagEvents: 120, lagSeconds: 7 } }) },
];

/** Each page once: without rows, as on a day before the ledger began, and in every state of `without`. */
export const states: Look[] = looks
  .filter((l, i) => l.who && !l.act && !l.before && l.name !== 'no-page' && l.name !== 'kit' && looks.findIndex((o) => route(o) === route(l)) === i)
  .flatMap((l) => [...(l.path.includes(at) ? [{ ...l, name: `${l.name}~empty`, path: l.path.replace(at, 'asOf=2020-01-01') }] : []), ...without.map((w) => ({ ...l, ...w, name: `${l.name}~${w.name}` }))]);

function route(l: Look): string {
  return l.path.split('?')[0] ?? '';
}

/** Opens what is looked at, in the state in which it is. */
export async function show(page: Page, look: Look): Promise<void> {
  await look.before?.(page);
  await page.goto(look.path);
  await settle(page, look);
  await look.act?.(page);
}

/** Waits until what is looked at is in the state in which it is looked at. */
export async function settle(page: Page, look: Look): Promise<void> {
  await page.locator('h1').first().waitFor();
  if (look.waiting) await page.waitForTimeout(300);
  else {
    await page.waitForFunction(() => !document.querySelector('.waiting:not(.panel .waiting), .stale, td [aria-busy]'), undefined, { timeout: 45_000 });
    // A panel that asks by itself has its answer soon after; what does not come in five seconds is looked at as it is.
    await page.waitForFunction(() => !document.querySelector('.panel .waiting'), undefined, { timeout: 5_000 }).catch(() => undefined);
  }
}
