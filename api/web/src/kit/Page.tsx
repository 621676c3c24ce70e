import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Numbers } from './numbers';
import { forbidden, Read, readingOf, type Standing } from './reading';
import { words } from './words';

const house = words({ name: ['售后台账', 'After-sales ledger'], path: ['所在位置', 'Location'] });

/** Whether a page was shown before this one. */
let moved = false;

export interface PageProps {
  /** What the page is about, in a word or two; also the window's title. */
  title: string;
  /** What the page asks, where it asks: without an answer it finds and counts nothing, and offers nothing to who may not see it. */
  of?: Standing | readonly Standing[];
  /** What there is to know, with its figures: the second half of the title. */
  finding?: ReactNode;
  /** What to do here, in one sentence. */
  help?: ReactNode;
  /** The way here, outermost first; each carries the cut. */
  crumbs?: { label: ReactNode; to?: string }[];
  filters?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: title that is a finding, one sentence of help, filters, the thing itself. */
export function Page({ title, of = [], finding, help, crumbs, filters, actions, children }: PageProps) {
  const asked = 'length' in of ? of : [of];
  const reading = readingOf(asked);
  // Another filter brings nothing to who may not see the page.
  const refused = asked.some((q) => forbidden(q.error));
  const told = reading === 'read' || reading === 'pale';
  const offered = reading !== 'withheld' && actions;
  const narrowed = !refused && filters;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${house('name')}`;
  }, [title]);
  useEffect(() => {
    // Whoever reads by ear is told where they are; whoever came by address is left alone.
    if (moved && (document.activeElement === document.body || document.activeElement === null)) {
      head.current?.focus({ preventScroll: true });
    }
    moved = true;
  }, []);
  return (
    <Read.Provider value={reading}>
    <div className="page">
      {crumbs && (
        <nav className="crumbs" aria-label={house('path')}>
          {crumbs.map((c, i) => (
            <span key={i}>
              {i > 0 && <span aria-hidden="true">› </span>}
              {c.to ? <Link href={c.to}>{c.label}</Link> : c.label}
            </span>
          ))}
        </nav>
      )}
      <div className="page-title">
        <h1 ref={head} tabIndex={-1}>
          {title}
        </h1>
        {told && finding && <p className={reading === 'pale' ? 'finding stale' : 'finding'}>{typeof finding === 'string' ? <Numbers in={finding} /> : finding}</p>}
      </div>
      {help && <p className="page-help">{help}</p>}
      {(narrowed || offered) && (
        <div className="page-tools">
          {narrowed}
          {offered && <div className="right">{offered}</div>}
        </div>
      )}
      <div className="page-body">{children}</div>
    </div>
    </Read.Provider>
  );
}
