import { useId, type ReactNode } from 'react';

/** A part of a page with a head of its own: beside the table, or below it. */
export function Panel({ title, note, children, foot, bare = false }: { title: ReactNode; note?: ReactNode; children: ReactNode; foot?: ReactNode; bare?: boolean }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <span className="soft">{note}</span>}
      </header>
      {bare ? children : <div className="inner">{children}</div>}
      {foot && <footer>{foot}</footer>}
    </section>
  );
}

export interface Addend {
  label: ReactNode;
  value: ReactNode;
  /** Stands under a line, as a total does. */
  total?: boolean;
  tone?: 'late' | 'wrong' | 'proved' | undefined;
}

/** A sum as it is written on paper: addends, a line, the total. */
export function Sums({ rows }: { rows: Addend[] }) {
  return (
    <dl className="sums">
      {rows.map((r, i) => (
        <div key={i} className={[r.total ? 'total' : '', r.tone ?? ''].join(' ')}>
          <dt className={r.tone}>{r.label}</dt>
          <dd className={r.tone}>{r.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Names and what stands for them. */
export function Facts({ of }: { of: { name: ReactNode; is: ReactNode }[] }) {
  return (
    <dl className="facts">
      {of
        .filter((f) => f.is !== undefined && f.is !== '' && f.is !== null && f.is !== false)
        .map((f, i) => (
          <div key={i} className="contents">
            <dt>{f.name}</dt>
            <dd>{f.is}</dd>
          </div>
        ))}
    </dl>
  );
}
