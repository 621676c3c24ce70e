import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { useLocation } from 'wouter';
import { useAddress } from './address';
import { Button, Money, Proof, Quantity } from './Basics';
import { count as counted, fen, money } from './fen';
import { useBasis } from './fresh';
import { useKeys } from './keys';
import { Numbers } from './numbers';
import { say } from './say';
import { told, type Tie } from './ties';
import { namesVersion, useSaid } from '@/api/names';
import { language } from './words';

// The one table: native, so that screen readers and copying know it; virtual, so
// that 100,000 rows scroll; its rows come window by window; its foot proves its sums.

export interface Column<R> {
  key: string;
  head: string;
  /**
   * money and quantity are right-aligned figures; tight takes only the room it needs, as a day does; a name one line where
   * there is room.
   */
  kind?: 'text' | 'money' | 'quantity' | 'tight' | 'day' | 'name';
  /** Text of the cell: an amount for money, a quantity for quantity. */
  value?: (row: R) => string | null | undefined;
  /** What is drawn, where it is more than the value. */
  cell?: (row: R) => ReactNode;
  /** The server's name of the order by this column. */
  sort?: string;
  tone?: (row: R) => 'late' | 'wrong' | 'proved' | undefined;
  /** Left out below 1,180 px; folded away on a phone, where one press shows it, unless its list has room for it or it is an amount. */
  wide?: boolean | 'desk';
  /**
   * What a phone's list begins with, or has at its right end, where that is another column than by itself. Of several figures,
   * as debit and credit, the one stands there that is not nothing.
   */
  lead?: boolean;
  /** Not shown in the list of a phone. */
  offCards?: boolean;
  width?: string;
}

export interface Group {
  label: ReactNode;
  /** Sums by column. */
  cells?: Record<string, ReactNode>;
}

/** Rows that were chosen: some by name, or all that match the question. */
export type Chosen = { all: false; ids: ReadonlySet<string> } | { all: true };
export const none: Chosen = { all: false, ids: new Set() };

export interface TableProps<R> {
  label: string;
  columns: Column<R>[];
  rows: readonly R[];
  id: (row: R) => string;
  /** Where a row leads; the whole row can be pressed, its first link is for the keyboard. */
  open?: (row: R) => string;
  /** The row that a page works on; j and k and the arrows move it. */
  active?: string;
  onActive?: (row: R) => void;
  groupOf?: (row: R) => string;
  group?: (name: string, rows: R[]) => Group;
  /** Totals by column, over all that match. */
  totals?: { label: ReactNode; cells: Record<string, ReactNode> };
  /** What the foot proves, each where its figures are here. */
  proofs?: readonly Tie[];
  /** Whether the log position of the figures is said at the foot. */
  basis?: boolean;
  /** All that match, where the server says so. */
  count?: number | undefined;
  more?: { has: boolean; busy: boolean; ask: () => void };
  choose?: { chosen: Chosen; onChoose: (next: Chosen) => void; amount?: (row: R) => string; name?: (row: R) => string; matching?: { count: number; sum?: string } };
  /** Below the table, beside the proofs. */
  foot?: ReactNode;
}

type Line<R> = { row: R; id: string } | { group: Group; id: string };

const figure = (kind: Column<never>['kind']) => kind === 'money' || kind === 'quantity';

/**
 * What a phone's list begins with: the number and the name of a row, that is, the first column that is neither a figure nor
 * a day, with the name that follows it; and the figure at its right end, the last amount that is not left out, or the last
 * quantity where there are no amounts. All else follows below, each after its head.
 */
function partsOf(columns: readonly Column<never>[]): ReadonlyMap<string, string> {
  const all = known.get(columns);
  if (all) return all;
  const shown = columns.filter((c) => !c.offCards);
  const named = shown.findIndex((c) => c.lead && !figure(c.kind));
  const first = named >= 0 ? named : shown.findIndex((c) => c.head && !figure(c.kind) && c.kind !== 'day');
  const head = shown[first];
  const name = head?.kind !== 'name' && shown[first + 1]?.kind === 'name' ? shown[first + 1] : undefined;
  const leading = shown.filter((c) => c.lead && figure(c.kind));
  const sum = leading[0] ?? (['money', 'quantity'] as const).map((kind) => shown.findLast((c) => c.kind === kind && !c.wide)).find(Boolean);
  const parts = new Map<string, string>();
  if (head) parts.set(head.key, name ? 'card-head' : 'card-head card-name');
  if (name) parts.set(name.key, 'card-head card-name');
  if (leading.length > 1) for (const c of leading) parts.set(c.key, 'card-sum card-either');
  else if (sum) parts.set(sum.key, 'card-sum');
  // An amount that is not nothing is part of what the row comes to, and is never folded away.
  for (const c of shown) if (c.wide === true && c.kind !== 'money' && !parts.has(c.key)) parts.set(c.key, 'card-fold');
  known.set(columns, parts);
  return parts;
}
const known = new WeakMap<readonly Column<never>[], ReadonlyMap<string, string>>();

const columnClass = (c: Column<never>, columns: readonly Column<never>[]) =>
  [
    figure(c.kind) ? 'num' : '',
    c.kind === 'tight' || c.kind === 'name' ? c.kind : '',
    c.kind === 'day' ? 'tight' : '',
    c.wide ? 'at-wide' : '',
    c.offCards ? 'card-off' : (partsOf(columns).get(c.key) ?? ''),
  ]
    .filter(Boolean)
    .join(' ') || undefined;

function content<R>(c: Column<R>, row: R): ReactNode {
  if (c.cell) return c.cell(row);
  const value = c.value?.(row);
  if (value === undefined || value === null || value === '') return null;
  if (c.kind === 'money') return <Money of={value} tone={c.tone?.(row)} />;
  if (c.kind === 'quantity') return <Quantity of={value} />;
  const tone = c.tone?.(row);
  const text = c.kind === 'day' || c.kind === 'tight' ? value : <Numbers in={value} />;
  return tone ? <span className={tone}>{text}</span> : text;
}

interface RowProps<R> {
  row: R;
  id: string;
  index: number;
  columns: Column<R>[];
  active: boolean;
  chosen: boolean | undefined;
  press: ((row: R, e: MouseEvent) => void) | undefined;
  toggle: ((row: R, range: boolean) => void) | undefined;
  /** What the row is called by its tick. */
  name: string;
  /** Drawn again when the language or the names change. */
  said: string;
}

function RowOf<R>({ row, id, index, columns, active, chosen, press, toggle, name }: RowProps<R>) {
  return (
    <tr role="row" aria-rowindex={index} data-row={id} data-active={active || undefined} aria-current={active || undefined} data-chosen={chosen || undefined} data-open={press ? '' : undefined} onClick={press && ((e) => press(row, e))}>
      {toggle && (
        <td role="cell" className="tight choice">
          <input type="checkbox" className="tick" checked={chosen ?? false} onChange={() => undefined} onClick={(e) => toggle(row, e.shiftKey)} aria-label={say('chooseRow', { row: name })} />
        </td>
      )}
      {columns.map((c) => (
        <td key={c.key} role="cell" className={columnClass(c as Column<never>, columns as Column<never>[])} data-head={c.head || undefined}>
          {content(c, row)}
        </td>
      ))}
    </tr>
  );
}
const Row = memo(RowOf) as typeof RowOf;

/** Fewer rows than this are all drawn: find-in-page sees them. */
const drawnWhole = 250;

/** Whether the page is being printed: paper shows every row that is here, not those in sight. */
function usePrinting(): boolean {
  const [printing, print] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => print(true)); // the browser takes the page as it is when this returns
    const end = () => print(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
}

export function Table<R>(props: TableProps<R>) {
  const { label, columns, rows, id, open, active, onActive, groupOf, group, totals, proofs, count, more, choose, foot } = props;
  const { get, set } = useAddress();
  const [, navigate] = useLocation();
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const basis = useBasis();
  const sorted = get('sort');
  const [unfolded, unfold] = useState(false);

  const lines = useSaid<Line<R>[]>(() => {
    if (!groupOf || !group) return rows.map((row) => ({ row, id: id(row) }));
    const byName = new Map<string, R[]>();
    for (const row of rows) {
      const name = groupOf(row);
      const same = byName.get(name);
      if (same) same.push(row);
      else byName.set(name, [row]);
    }
    return [...byName].flatMap(([name, own]) => [{ group: group(name, own), id: `group ${name}` }, ...own.map((row) => ({ row, id: id(row) }))]);
    // The functions are of the page and differ by each drawing; the rows say when to build anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows, groupOf === undefined]);

  const printing = usePrinting();
  const whole = printing || lines.length <= drawnWhole;
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    if (!body.current || whole) return;
    setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, [whole]);
  const virtual = useWindowVirtualizer({
    count: whole ? 0 : lines.length,
    estimateSize: () => (matchMedia('(max-width: 700px)').matches ? 82 : 29),
    overscan: 12,
    scrollMargin: margin,
    useFlushSync: false,
  });
  const items = whole ? undefined : virtual.getVirtualItems();
  const above = items?.[0] ? items[0].start - margin : 0;
  const last = items?.at(-1);
  const below = last ? virtual.getTotalSize() - (last.end - margin) : 0;

  // The next window is asked for before its rows come into sight.
  const near = whole || (last?.index ?? 0) > lines.length - 60;
  const end = useRef<HTMLDivElement>(null);
  const { has = false, busy = false, ask } = more ?? {};
  useEffect(() => {
    if (has && !busy && near && !whole) ask?.();
  }, [has, busy, near, whole, ask]);
  useEffect(() => {
    if (!end.current || !has) return;
    const seen = new IntersectionObserver(([e]) => e?.isIntersecting && !busy && ask?.(), { rootMargin: '900px' });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [has, busy, ask]);

  const press = useMemo(() => {
    if (!open && !onActive) return undefined;
    return (row: R, e: MouseEvent) => {
      const on = e.target as HTMLElement;
      if (on.closest('a, button, input, label, select') || getSelection()?.toString()) return;
      if (onActive) return onActive(row);
      if (!open) return;
      if (e.metaKey || e.ctrlKey) window.open(open(row), '_blank', 'noopener');
      else navigate(open(row));
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open === undefined, onActive, navigate, get]);

  const anchor = useRef<string>(undefined);
  const chosen = choose?.chosen;
  const latest = useRef({ rows, choose, id });
  useLayoutEffect(() => {
    latest.current = { rows, choose, id };
  });
  const toggle = useMemo(
    () =>
      choose &&
      ((row: R, range: boolean) => {
        const { rows, choose, id } = latest.current;
        if (!choose) return;
        const ids = new Set(choose.chosen.all ? rows.map(id) : choose.chosen.ids);
        const own = id(row);
        const on = !ids.has(own);
        const [from, to] = [rows.findIndex((r) => id(r) === anchor.current), rows.indexOf(row)];
        const span = range && from >= 0 ? rows.slice(Math.min(from, to), Math.max(from, to) + 1) : [row];
        for (const r of span) {
          if (on) ids.add(id(r));
          else ids.delete(id(r));
        }
        anchor.current = own;
        choose.onChoose({ all: false, ids });
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [choose === undefined],
  );

  const move = (by: number) => {
    if (!onActive) return;
    const at = rows.findIndex((r) => id(r) === active);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))];
    if (!next) return;
    onActive(next);
    const line = lines.findIndex((l) => l.id === id(next));
    if (!whole) virtual.scrollToIndex(line, { align: 'auto' });
    else body.current?.querySelector(`[data-row="${CSS.escape(id(next))}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys(
    onActive && {
      j: () => move(1),
      k: () => move(-1),
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      ...(open && { Enter: () => { const row = rows.find((r) => id(r) === active); if (row) navigate(open(row)); } }),
    },
  );

  const sortBy = (c: Column<R>) => {
    if (!c.sort) return;
    const largest = figure(c.kind) ? `-${c.sort}` : c.sort;
    const other = figure(c.kind) ? c.sort : `-${c.sort}`;
    set({ sort: sorted === largest ? other : sorted === other ? '' : largest });
  };
  const order = (c: Column<R>) => (!c.sort ? undefined : sorted === c.sort ? 'ascending' : sorted === `-${c.sort}` ? 'descending' : 'none');

  const draw = (line: Line<R>, index: number) =>
    'group' in line ? (
      <tr key={line.id} role="row" className="group" aria-rowindex={index + 2}>
        {choose && <td role="cell" className="tight choice" />}
        <GroupCells group={line.group} columns={columns as Column<never>[]} />
      </tr>
    ) : (
      <Row
        key={line.id}
        row={line.row}
        id={line.id}
        index={index + 2}
        columns={columns}
        active={line.id === active}
        chosen={chosen && (chosen.all || chosen.ids.has(line.id))}
        press={press}
        toggle={toggle}
        name={choose?.name?.(line.row) ?? line.id}
        said={`${language()} ${namesVersion()}`}
      />
    );

  const all = rows.length > 0 && chosen && (chosen.all || rows.every((r) => chosen.ids.has(id(r))));
  const some = chosen && (chosen.all || chosen.ids.size > 0);
  const ties = (proofs ?? []).flatMap((p) => told(p, columns) ?? []);
  return (
    <div className="table-frame" data-unfolded={unfolded || undefined} ref={frame} tabIndex={-1}>
      {choose && some && <ChosenBar rows={rows} id={id} choose={choose} allHere={Boolean(all)} />}
      <div className="listing">
        {[...partsOf(columns as Column<never>[]).values()].includes('card-fold') && (
          <div className="unfold">
            <Button kind="quiet" aria-expanded={unfolded} onClick={() => unfold(!unfolded)}>{say(unfolded ? 'foldColumns' : 'unfoldColumns')}</Button>
          </div>
        )}
        <table className="table cards" role="table" aria-label={label} aria-rowcount={(count ?? lines.length) + 1}>
          <thead role="rowgroup">
            <tr role="row" aria-rowindex={1} data-order={say('orderBy')}>
              {choose && (
                <th role="columnheader" className="tight choice">
                  <input type="checkbox" className="tick" checked={Boolean(all)} ref={(el) => { if (el) el.indeterminate = Boolean(some) && !all; }} onChange={() => choose.onChoose(all ? none : { all: false, ids: new Set(rows.map(id)) })} aria-label={say('chooseAll')} />
                </th>
              )}
              {columns.map((c) => (
                <th key={c.key} role="columnheader" scope="col" data-column={c.key} className={columnClass(c as Column<never>, columns as Column<never>[])} data-sort={c.sort && ''} aria-sort={order(c)} style={c.width ? { width: c.width } : undefined}>
                  {c.sort ? (
                    <button type="button" className="sort" data-on={order(c) === 'none' ? undefined : ''} onClick={() => sortBy(c)} title={say('sortBy', { head: c.head })}>
                      {c.head}
                      {order(c) !== 'none' && <span aria-hidden="true">{order(c) === 'ascending' ? '↑' : '↓'}</span>}
                    </button>
                  ) : (
                    c.head || <span className="unseen">–</span>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" ref={body}>
            {above > 0 && <tr className="pad" role="presentation"><td role="presentation" style={{ height: above }} colSpan={columns.length + (choose ? 1 : 0)} /></tr>}
            {items ? items.map((v) => { const line = lines[v.index]; return line && draw(line, v.index); }) : lines.map(draw)}
            {below > 0 && <tr className="pad" role="presentation"><td role="presentation" style={{ height: below }} colSpan={columns.length + (choose ? 1 : 0)} /></tr>}
          </tbody>
          {totals && !has && (
            <tfoot role="rowgroup">
              <tr role="row">
                {choose && <td role="cell" className="tight choice" />}
                <GroupCells group={totals} columns={columns as Column<never>[]} />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {has && (
        <div className="more" ref={end}>
          {count === undefined ? say('loadedSome', { shown: counted(rows.length) }) : say('loaded', { shown: counted(rows.length), count: counted(count) })}{' '}
          <Button kind="quiet" busy={busy} onClick={() => ask?.()}>{say('loadMore')}</Button>
        </div>
      )}
      {(ties.length > 0 || foot || count !== undefined || props.basis) && (
        <div className="proofs">
          {ties.map((p, i) => <Proof key={i} holds={p.holds}>{p.says}</Proof>)}
          {foot}
          <span className="right">
            {count !== undefined && !has && say('rowCount', { count: counted(count) })}
            {props.basis && basis && basis.readModel.position > 0 && <> {count !== undefined && !has && '· '}{say('position', { position: counted(basis.readModel.position) })}</>}
          </span>
        </div>
      )}
    </div>
  );
}

/** A label over the columns before the first sum, then the sums. */
function GroupCells({ group, columns }: { group: Group; columns: Column<never>[] }) {
  const sum = columns.findIndex((c) => group.cells?.[c.key] !== undefined);
  const first = sum < 0 ? columns.length : Math.max(1, sum);
  const lead = columns.slice(0, first);
  return (
    <>
      {/* One cell per column that can be left out, so that a narrow page's columns stay in step. */}
      <th role="rowheader" scope="row" colSpan={lead.filter((c) => !c.wide).length || 1}>{group.label}</th>
      {lead.filter((c) => c.wide).map((c) => <td key={c.key} role="cell" className="at-wide card-off" />)}
      {columns.slice(first).map((c) => (
        <td key={c.key} role="cell" className={columnClass(c, columns)} data-head={group.cells?.[c.key] === undefined ? undefined : c.head}>
          {group.cells?.[c.key]}
        </td>
      ))}
    </>
  );
}

function ChosenBar<R>({ rows, id, choose, allHere }: { rows: readonly R[]; id: (row: R) => string; choose: NonNullable<TableProps<R>['choose']>; allHere: boolean }) {
  const { chosen, matching, amount } = choose;
  const picked = chosen.all ? [] : rows.filter((r) => chosen.ids.has(id(r)));
  const total = amount && picked.reduce((t, r) => t + fen(amount(r)), 0n);
  return (
    <div className="proofs" role="status">
      <span>
        {chosen.all
          ? say('matching', { count: counted(matching?.count ?? 0), sum: matching?.sum ? money(matching.sum) : '' })
          : total === undefined
            ? say('chosenNoSum', { count: counted(picked.length) })
            : say('chosen', { count: counted(picked.length), sum: money(total) })}
      </span>
      {!chosen.all && allHere && matching && matching.count > rows.length && (
        <Button kind="quiet" onClick={() => choose.onChoose({ all: true })}>{say('chooseMatching', { count: counted(matching.count) })}</Button>
      )}
      <Button kind="quiet" onClick={() => choose.onChoose(none)}>{say('clear')}</Button>
    </div>
  );
}
