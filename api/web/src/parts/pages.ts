import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/parts/verify', load: () => import('./Verify'), nav: { section: 'parts', label: ['出库核对', 'Parts against faults'], key: 'v' } },
];
