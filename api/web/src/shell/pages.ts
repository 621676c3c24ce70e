import type { ComponentType } from 'react';
import { pages as filings } from '@/filings/pages';
import type { Pair } from '@/kit/words';
import { pages as money } from '@/money/pages';
import { pages as notices } from '@/notices/pages';
import { pages as parts } from '@/parts/pages';
import { pages as repairs } from '@/repairs/pages';
import { pages as work } from '@/work/pages';

// Where every page is: a room lists its own in its pages.ts, one line a page; this
// file and the shell need not know which.

/** A heading of the navigation, in the order of this list. */
export const sections = {
  mine: ['', ''],
  receivable: ['应收', 'Receivable'],
  receipts: ['收款', 'Receipts'],
  work: ['工单', 'Tickets'],
  parts: ['配件', 'Parts'],
  repairs: ['返修', 'Repairs'],
  filings: ['报表', 'Forms'],
  notices: ['函件', 'Notices'],
  books: ['账簿', 'Books'],
} satisfies Record<string, Pair>;

export interface PageEntry {
  /** The address, as wouter matches it: /charges/:center/:charge. */
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  /** Where the navigation lists it; pages that are opened from others have none. */
  nav?: {
    section: keyof typeof sections;
    label: Pair;
    /** The letter after g that jumps here. */
    key?: string;
    /** Roles that have something to do here; absent: all. The server decides who may see. */
    roles?: readonly string[];
  };
  /** Pages below it in the navigation are marked as this one. */
  under?: string;
}

const shell: PageEntry[] = [
  { path: '/', load: () => import('./Home'), nav: { section: 'mine', label: ['待我办理', 'Waiting for me'], key: 'h' } },
  { path: '/find', load: () => import('./Find'), nav: { section: 'mine', label: ['查找', 'Find'], key: 'f' } },
  { path: '/compare', load: () => import('@/money/compare/Compare') },
  { path: '/me', load: () => import('./Me') },
  { path: '/kit', load: () => import('@/kit/Showroom') },
];

export const pages: PageEntry[] = [...shell, ...money, ...work, ...parts, ...repairs, ...filings, ...notices];
