import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/parts/verify', load: () => import('./Verify'), nav: { section: 'parts', label: ['出库核对', 'Parts reconciliation'], key: 'v' } },
  { path: '/parts/findings', load: () => import('./findings/Findings'), nav: { section: 'parts', label: ['差异', 'Findings'], key: 'a' } },
  { path: '/parts/stock', load: () => import('./stock/Stock'), nav: { section: 'parts', label: ['库存', 'Stock'], key: 'k' } },
  { path: '/parts/movements', load: () => import('./stock/Movements'), under: '/parts/stock' },
  { path: '/parts/transfers', load: () => import('./transfers/Transfers'), nav: { section: 'parts', label: ['调拨', 'Transfers'], key: 'p' } },
  { path: '/parts/failures', load: () => import('./failures/Failures'), nav: { section: 'parts', label: ['故障率', 'Failure rates'], key: 'e' } },
  { path: '/parts/failures/one', load: () => import('./failures/Failing'), under: '/parts/failures' },
  { path: '/serials/:serial', load: () => import('./serials/Serial'), under: '/parts/stock' },
];
