// Light or dark: the system's choice, until somebody makes theirs.
const kept = 'ledger.theme';

export const isDark = (): boolean => (localStorage.getItem(kept) ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

export function applyTheme(): void {
  const chosen = localStorage.getItem(kept);
  if (chosen) document.documentElement.dataset.theme = chosen;
}

export function toggleTheme(): void {
  localStorage.setItem(kept, isDark() ? 'light' : 'dark');
  applyTheme();
}
