import type { Pair } from '@/kit/words';
import type { Query, ViewPath } from '@/kit/view';

// What can wait for somebody: a list that exists, the rows of it that wait, how
// old each is, and the page where it is done. A room adds its own lines here.

export interface Source<P extends ViewPath = ViewPath> {
  key: string;
  /** Whom it waits for; the server shows each what they may see. */
  roles: readonly string[];
  what: Pair;
  view: P;
  query: Query<P>;
  /** Since when a row waits: a date, or days. */
  since: string;
  /** The amount of a row, where it has one. */
  amount?: string;
  /** Rows of the answer that wait, where the query cannot say so. */
  when?: (row: Record<string, unknown>) => boolean;
  to: string;
  params?: Record<string, string>;
  /** Where the row that waits the longest stands: its month, its quarter. */
  opens?: (oldest: Record<string, unknown>) => Record<string, string>;
}

const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const ofMonth = (field: string) => (r: Record<string, unknown>) => ({ month: text(r[field]).slice(0, 7) });

const source = <P extends ViewPath>(s: Source<P>): Source => s as unknown as Source;

export const sources: Source[] = [
  source({ key: 'unapplied', roles: ['finance'], what: ['未核销的款项', 'Unapplied payments'], view: '/v1/payments', query: { unapplied: true, limit: 1000 }, since: 'receivedOn', amount: 'unapplied', to: '/payments', params: { unapplied: '1' } }),
  source({ key: 'conflicts', roles: ['finance'], what: ['流水号相同、内容不同的收款', 'Receipts with a conflicting reference'], view: '/v1/payments/conflicts', query: { limit: 1000 }, since: 'receivedOn', amount: 'amount', to: '/payments/conflicts' }),
  source({ key: 'payables', roles: ['finance'], what: ['待付的维修款', 'Repairs to be paid'], view: '/v1/payables', query: { status: 'REQUESTED', limit: 1000 }, since: 'requestedOn', amount: 'amount', to: '/payables', params: { show: 'asked' } }),
  source({ key: 'overdue', roles: ['finance', 'city-lead', 'regional-admin'], what: ['逾期未付的中心', 'Centers with overdue charges'], view: '/v1/collection', query: { overdue: true, limit: 1000 }, since: 'oldestDue', amount: 'overdue', to: '/collection' }),
  source({ key: 'disputes', roles: ['regional-admin', 'finance'], what: ['未了结的争议', 'Open disputes'], view: '/v1/disputes', query: { limit: 1000 }, since: 'disputedOn', amount: 'open', to: '/disputes' }),
  // Without an amount: the closing of a quarter holds that of the one before, and they are not to be summed.
  source({ key: 'replies', roles: ['regional-admin'], what: ['逾期未复的对账单', 'Statements with an overdue reply'], view: '/v1/statements', query: { overdue: true, limit: 1000 }, since: 'replyBy', to: '/statements', opens: (r) => ({ quarter: text(r.quarter) }) }),
  source({ key: 'missing', roles: ['regional-admin', 'city-lead'], what: ['未交的报表', 'Missing forms'], view: '/v1/filings', query: { missing: true, limit: 1000 }, since: 'dueOn', to: '/filings', opens: ofMonth('month') }),
  source({ key: 'back', roles: ['regional-admin', 'technician'], what: ['厂家逾期未还的设备', 'Devices overdue at the maker'], view: '/v1/repairs', query: { overdue: true, limit: 1000 }, since: 'dueOn', to: '/repairs' }),
  source({ key: 'receive', roles: ['regional-admin', 'technician'], what: ['修好待入库的设备', 'Repaired devices to be received'], view: '/v1/repairs', query: { toReceive: true, limit: 1000 }, since: 'backOn', to: '/repairs' }),
  source({ key: 'lines', roles: ['tech-group-lead'], what: ['待核实的故障记录', 'Fault lines to be verified'], view: '/v1/fault-lines', query: { review: 'OPEN', limit: 1000 }, since: 'recordedOn', amount: 'value', to: '/parts/verify', params: { show: 'open' }, opens: ofMonth('recordedOn') }),
  source({ key: 'queried', roles: ['tech-group-lead', 'technician', 'city-tech-lead'], what: ['质询中的故障记录', 'Queried fault lines'], view: '/v1/fault-lines', query: { review: 'QUERIED', limit: 1000 }, since: 'recordedOn', amount: 'value', to: '/parts/verify', params: { show: 'queried' }, opens: ofMonth('recordedOn') }),
  source({ key: 'findings', roles: ['tech-group-lead'], what: ['未了结的差异', 'Open findings'], view: '/v1/findings', query: { status: ['OPEN'], limit: 1000 }, since: 'on', amount: 'value', to: '/parts/findings' }),
  // Units overdue at their makers wait for the regional admin in the line above: a finding on one is not counted again.
  source({ key: 'ownFindings', roles: ['regional-admin'], what: ['未了结的差异，返修超期除外', 'Open findings, without those on devices overdue at the maker'], view: '/v1/findings', query: { status: ['OPEN'], limit: 1000 }, since: 'on', amount: 'value', to: '/parts/findings', when: (r) => r.class !== 'AT_VENDOR_OVERDUE' }),
  source({ key: 'repairsTech', roles: ['tech-group-lead'], what: ['待我审的返修', 'Repairs awaiting my review'], view: '/v1/repairs', query: { awaiting: 'TECH_GROUP', limit: 1000 }, since: 'filedOn', to: '/repairs', params: { show: 'approving' } }),
  source({ key: 'repairsHQ', roles: ['hq-affairs-supervisor'], what: ['待我审的返修', 'Repairs awaiting my review'], view: '/v1/repairs', query: { awaiting: 'HQ_AFFAIRS', limit: 1000 }, since: 'filedOn', to: '/repairs', params: { show: 'approving' } }),
  source({ key: 'repairsManager', roles: ['department-manager'], what: ['待我批的返修', 'Repairs awaiting my approval'], view: '/v1/repairs', query: { awaiting: 'DEPARTMENT_MANAGER', limit: 1000 }, since: 'filedOn', to: '/repairs', params: { show: 'approving' } }),
  source({ key: 'offlist', roles: ['hq-affairs-supervisor', 'regional-admin'], what: ['标准外服务待批', 'Off-list work awaiting approval'], view: '/v1/off-list-requests', query: { status: 'PENDING', limit: 1000 }, since: 'requestedOn', amount: 'gross', to: '/off-list' }),
  source({ key: 'writeOffs', roles: ['department-manager'], what: ['待我批的坏账转销', 'Write-offs awaiting my approval'], view: '/v1/corrections', query: { status: 'PENDING', limit: 1000 }, since: 'on', amount: 'amount', to: '/corrections', params: { show: 'pending' } }),
  ...(
    [
      ['tech-group-lead', 'TECH_GROUP'],
      ['hq-affairs-supervisor', 'HQ_AFFAIRS'],
      ['materials-planner', 'MATERIALS_PLANNER'],
      ['department-manager', 'DEPARTMENT_MANAGER'],
    ] as const
  ).map(([role, awaiting]) =>
    source({ key: `requisitions ${role}`, roles: [role], what: ['待我审的物资申请', 'Requisitions awaiting my decision'], view: '/v1/requisitions', query: { awaiting, limit: 1000 }, since: 'requestedOn', amount: 'total', to: '/requisitions', params: { show: 'mine' } }),
  ),
  source({ key: 'escalations', roles: ['hq-affairs-supervisor', 'department-manager', 'regional-admin'], what: ['未结的上报事项', 'Open escalations'], view: '/v1/escalations', query: { open: true, limit: 1000 }, since: 'escalatedAt', to: '/escalations' }),
  source({ key: 'handovers', roles: ['city-lead', 'regional-admin'], what: ['逾期的移交事项', 'Overdue handover items'], view: '/v1/handovers', query: { status: 'OVERDUE', limit: 1000 }, since: 'dueOn', to: '/handovers', params: { show: 'OVERDUE' } }),
  source({ key: 'notices', roles: ['regional-admin', 'finance', 'hq-affairs-supervisor'], what: ['没有发出去的函件', 'Notices that could not be sent'], view: '/v1/notices', query: { status: 'GIVEN_UP', limit: 1000 }, since: 'on', to: '/notices', params: { status: 'GIVEN_UP' } }),
];
