import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/receivables', load: () => import('./Receivables'), nav: { section: 'receivable', label: ['应收账款', 'Receivables'], key: 'r' } },
  { path: '/charges', load: () => import('./Charges'), nav: { section: 'receivable', label: ['收费', 'Charges'], key: 'c' } },
  { path: '/charges/:center/:charge', load: () => import('./Charge'), under: '/charges' },
];
