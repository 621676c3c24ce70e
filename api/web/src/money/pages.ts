import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/receivables', load: () => import('./Receivables'), nav: { section: 'receivable', label: ['应收账款', 'Receivables'], key: 'r' } },
  { path: '/statements', load: () => import('./statements/Board'), nav: { section: 'receivable', label: ['对账单', 'Statements'], key: 's' } },
  { path: '/centers/:center/statements/:quarter', load: () => import('./statements/Statement'), under: '/statements' },
  { path: '/centers/:center', load: () => import('./Account'), under: '/receivables' },
  { path: '/charges', load: () => import('./Charges'), nav: { section: 'receivable', label: ['收费', 'Charges'], key: 'c' } },
  { path: '/charges/:center/:charge', load: () => import('./Charge'), under: '/charges' },
  { path: '/payments/:center/:payment', load: () => import('./Payment'), under: '/receivables' },
  { path: '/trial-balance', load: () => import('./TrialBalance'), nav: { section: 'books', label: ['试算平衡', 'Trial balance'], key: 't' } },
  { path: '/trial-balance/:account', load: () => import('./LedgerAccount'), under: '/trial-balance' },
  { path: '/trust', load: () => import('./Trust'), nav: { section: 'books', label: ['可信页', 'Trust'], key: 'i' } },
  { path: '/bank', load: () => import('./bank/Bank'), nav: { section: 'receipts', label: ['银行流水', 'Bank statement'], key: 'b' } },
];
