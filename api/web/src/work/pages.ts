import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/tickets/:ticket', load: () => import('./ticket/Ticket') },
];
