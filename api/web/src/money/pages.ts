import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/receivables', load: () => import('./Receivables'), nav: { section: 'receivable', label: ['应收账款', 'Receivables'], key: 'r' } },
  { path: '/statements', load: () => import('./statements/Board'), nav: { section: 'receivable', label: ['对账单', 'Statements'], key: 's' } },
  { path: '/centers/:center/statements/:quarter', load: () => import('./statements/Statement'), under: '/statements' },
  { path: '/charges', load: () => import('./Charges'), nav: { section: 'receivable', label: ['收费', 'Charges'], key: 'c' } },
  { path: '/charges/:center/:charge', load: () => import('./Charge'), under: '/charges' },
];
