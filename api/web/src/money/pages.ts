import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/receivables', load: () => import('./Receivables'), nav: { section: 'receivable', label: ['应收账款', 'Receivables'], key: 'r' } },
  { path: '/statements', load: () => import('./statements/Board'), nav: { section: 'receivable', label: ['对账单', 'Statements'], key: 's' } },
  { path: '/centers/:center/statements/:quarter', load: () => import('./statements/Statement'), under: '/statements' },
  { path: '/centers/:center', load: () => import('./Account'), under: '/receivables' },
  { path: '/charges', load: () => import('./Charges'), nav: { section: 'receivable', label: ['收费', 'Charges'], key: 'c' } },
  { path: '/charges/:center/:charge', load: () => import('./Charge'), under: '/charges' },
  { path: '/payments/:center/:payment', load: () => import('./Payment'), under: '/payments' },
  { path: '/trial-balance', load: () => import('./TrialBalance'), nav: { section: 'books', label: ['试算平衡', 'Trial balance'], key: 't' } },
  { path: '/trial-balance/:account', load: () => import('./LedgerAccount'), under: '/trial-balance' },
  { path: '/trust', load: () => import('./Trust'), nav: { section: 'books', label: ['可信页', 'Trust'], key: 'u' } },
  { path: '/bank', load: () => import('./bank/Bank'), nav: { section: 'receipts', label: ['银行流水', 'Bank statement'], key: 'b' } },
  { path: '/payments', load: () => import('./payments/Payments'), nav: { section: 'receipts', label: ['收款', 'Payments'], key: 'y' } },
  { path: '/payments/conflicts', load: () => import('./payments/Conflicts'), under: '/payments' },
  { path: '/collection', load: () => import('./collection/Collection'), nav: { section: 'receipts', label: ['催收', 'Collection'], key: 'o' } },
  { path: '/corrections', load: () => import('./corrections/Corrections'), nav: { section: 'receivable', label: ['红冲与坏账转销', 'Credits, write-offs'] } },
  { path: '/off-list', load: () => import('./corrections/OffList'), nav: { section: 'receivable', label: ['标准外服务', 'Off-list work'] } },
  { path: '/quotes', load: () => import('./corrections/Quotes'), nav: { section: 'receivable', label: ['赔偿报价', 'Compensation quotes'] } },
  { path: '/disputes', load: () => import('./corrections/Disputes'), nav: { section: 'receivable', label: ['争议', 'Disputes'], key: 'd' } },
  { path: '/my/statement', load: () => import('./mine/Mine'), nav: { section: 'mine', label: ['我的对账单', 'My statement'], key: 'n', roles: ['center-head', 'center-maintenance', 'center-registrar'] } },
];
