import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/tickets/:ticket', load: () => import('./ticket/Ticket') },
  { path: '/escalations', load: () => import('./escalations/Escalations'), nav: { section: 'work', label: ['上报事项', 'Escalations'], key: 'w' } },
  { path: '/handovers', load: () => import('./handovers/Handovers'), nav: { section: 'work', label: ['移交', 'Handovers'] } },
];
