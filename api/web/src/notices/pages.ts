import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/notices', load: () => import('./Notices'), nav: { section: 'notices', label: ['函件往来', 'Notices'], key: 'l' } },
];
