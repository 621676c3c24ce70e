import { importers } from './imports/kinds';
import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [
  { path: '/filings', load: () => import('./Filings'), nav: { section: 'filings', label: ['月报表', 'Monthly forms'], key: 'm' } },
  { path: '/filings/:project/:month', load: () => import('./Filing'), under: '/filings' },
  { path: '/imports', load: () => import('./imports/Imports'), nav: { section: 'filings', label: ['导入', 'Import'], key: 'i', roles: [...new Set(Object.values(importers).flat())] } },
];
