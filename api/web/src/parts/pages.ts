import type { PageEntry } from '@/shell/pages';

export const pages: PageEntry[] = [];
