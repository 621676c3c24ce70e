import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/repairs', load: () => import('./Repairs'), nav: { section: 'repairs', label: ['返修', 'Repairs'], key: 'x' } },
  { path: '/repairs/:sheet', load: () => import('./Repair'), under: '/repairs' },
  { path: '/payables', load: () => import('./Payables'), nav: { section: 'repairs', label: ['付款申请', 'Payment requests'] } },
  { path: '/requisitions', load: () => import('./requisitions/Requisitions'), nav: { section: 'repairs', label: ['物资申请', 'Requisitions'], key: 'q' } },
  { path: '/requisitions/:requisition', load: () => import('./requisitions/Requisition'), under: '/requisitions' },
];
