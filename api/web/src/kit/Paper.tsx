import type { ReactNode } from 'react';

/** Opens a paper beside the page, in a window of its own, where it prints. */
export function PaperLink({ path, query, children }: { path: string; query?: Record<string, string>; children: ReactNode }) {
  const text = new URLSearchParams(query).toString();
  return (
    <a className="button" href={text ? `${path}?${text}` : path} target="_blank" rel="noopener">
      {children}
    </a>
  );
}
