import { useEffect, useState } from 'react';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Chips, Money, NotUnderstood, type Tone } from '@/kit/Basics';
import { Ranking } from '@/kit/Bars';
import { plusDays } from '@/kit/dates';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, money, share, sum, type Fen } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { language, within } from '@/kit/words';
import { Decide } from './Decide';
import { Life } from './Life';
import { say } from './say';

export type Row = RowOf<'/v1/findings'>;
type Status = 'OPEN' | 'EXPLAINED' | 'ADJUSTED' | 'ACCEPTED' | 'CLEARED';
type Class = NonNullable<Query<'/v1/findings'>['class']>[number];

const statuses: Status[] = ['OPEN', 'EXPLAINED', 'ADJUSTED', 'ACCEPTED', 'CLEARED'];
export const tones: Record<string, Tone> = { OPEN: 'bad', EXPLAINED: 'good', ADJUSTED: 'good', ACCEPTED: 'watch', CLEARED: 'plain' };

/** Ages in days, the upper bound counted. */
const bands: [from: number, to: number][] = [[0, 30], [31, 90], [91, 180], [181, 365], [366, Infinity]];
const bandKey = (band: (typeof bands)[number]): string => `${band[0]}-`;
const bandOf = (days: number): string => bandKey(bands.find(([, to]) => days <= to) ?? [0, 0]);
const bandName = (key: string): string => {
  const [from, to] = bands.find((b) => bandKey(b) === key) ?? [0, 0];
  return from === 0 ? say('upTo', { to }) : to === Infinity ? say('over', { from: from - 1 }) : say('between', { from, to });
};

/** What the bars can be by, and the parameter that opens one. */
const spreads = ['class', 'region', 'age', 'owner', 'project'] as const;
type Spread = (typeof spreads)[number];

/** A person, or the role of what nobody is assigned to. */
export const ownerName = (of: { owner?: string; ownerName?: string }): string => of.ownerName || nameOf('domain.Role', of.owner);

const nameIn = (by: Spread, key: string, rows: Row[]): string => (by === 'class' ? nameOf('finding.Class', key) : by === 'age' ? bandName(key) : by === 'owner' ? ownerName(rows.find((r) => r.owner === key) ?? { owner: key }) : key);

export default function Findings() {
  const { get, set, to, cut } = useAddress();
  const on = asOfDay(cut);
  const by = (spreads.find((s) => s === get('by')) ?? 'class') as Spread;
  const status = (statuses.find((s) => s === get('status')) ?? 'OPEN') as Status;
  const band = bands.find((b) => bandKey(b) === get('age'));
  const query: Query<'/v1/findings'> = {
    status: [status],
    ...(get('class') && { class: [get('class') as Class] }),
    ...(get('region') && { region: get('region') }),
    ...(get('project') && { project: get('project') }),
    ...(get('part') && { part: get('part') }),
    ...(get('owner') && { owner: get('owner') }),
    ...(get('month') && { month: get('month') }),
    ...(band && { to: plusDays(on, -band[0]), ...(band[1] !== Infinity && { from: plusDays(on, -band[1]) }) }),
    ...(get('sort') && { sort: get('sort') as 'age' }),
  };
  const { rows, first, of, more } = useRows('/v1/findings', { query });
  // Bars other than the server's own totals need every row.
  const { has, busy, ask } = more;
  useEffect(() => {
    if (by !== 'class' && has && !busy) ask();
  }, [by, has, busy, ask]);
  const [chosen, choose] = useState<Chosen>(none);
  const opened = get('finding');
  const picked = rows.filter((r) => chosen.all || chosen.ids.has(r.key));
  const acting = picked.length ? picked : rows.filter((r) => r.key === opened);
  const total = first?.value ?? '0';
  const n = (first?.totals ?? []).reduce((t, c) => t + c.findings, 0);
  const filters = (['class', 'region', 'age', 'owner', 'project', 'part', 'month'] as const).filter((f) => get(f));
  return (
    <Page
      of={of}
      title={say('findings')}
      finding={first && n > 0 && say('finding', { n: count(n), value: money(total), days: count(Math.max(0, ...rows.map((r) => r.ageDays))) })}
      help={say('help')}
      filters={
        <>
          <Chips at="status" label={say('filter')} value={status} onChoose={(v) => set({ status: v === 'OPEN' ? '' : v, finding: '' })} choices={statuses.map((s) => ({ value: s, label: nameOf('finding.Status', s), ...(s === status && first && { count: n }) }))} />
          {get('age') && !band && <NotUnderstood given={get('age')} />}
          {filters.length > 0 && (
            <div className="chips">
              {filters.map((f) => (
                <button key={f} type="button" className="chip" aria-pressed="true" aria-label={say('drop', { what: get(f) })} onClick={() => set({ [f]: '' })}>
                  {f === 'part' || f === 'month' || (f === 'age' && !band) ? get(f) : nameIn(f, get(f), rows)} ✕
                </button>
              ))}
            </div>
          )}
        </>
      }
      actions={
        <>
          <Decide rows={acting} status={status} onDone={() => choose(none)} />
          <ExportButton view="/v1/findings" query={query} title={say('findings')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={14}>
        {(data) =>
          rows.length === 0 ? (
            <Empty>{status === 'OPEN' ? say('none') : undefined}</Empty>
          ) : (
            <div className="stack">
              <Spread by={by} rows={rows} whole={!has} totals={data.totals ?? []} total={total} />
              <div className={opened ? 'beside' : undefined}>
                <Table
                  label={say('findings')}
                  columns={columns(Boolean(opened))}
                  rows={rows}
                  id={(r) => r.key}
                  active={opened}
                  onActive={(r) => set({ finding: r.key === opened ? '' : r.key }, true)}
                  choose={{ chosen, onChoose: choose, amount: (r) => r.value ?? '0', name: (r) => `${nameOf('finding.Class', r.class)} ${r.key.slice(r.key.indexOf(':') + 1)}` }}
                  more={more}
                  count={n}
                  totals={{ label: say('total'), cells: { value: <Money of={total} /> } }}
                  proofs={[
                    ...(!has ? [{ says: say('barsTie', { sum: money(sum(rows.map((r) => r.value ?? '0'))) }), holds: sum(rows.map((r) => r.value ?? '0')) === fen(total), of: [total], columns: ['value'] }] : []),
                    ...(data.tieOut
                      ? [
                          {
                            says: say('tie', {
                              issued: count(data.tieOut.issued.slips),
                              issuedValue: money(data.tieOut.issued.value),
                              matched: count(data.tieOut.matched.slips),
                              matchedValue: money(data.tieOut.matched.value),
                              found: count(data.tieOut.found.slips),
                              foundValue: money(data.tieOut.found.value),
                            }),
                            of: [data.tieOut.issued.value, data.tieOut.matched.value, data.tieOut.found.value],
                            holds: data.tieOut.ties,
                          },
                        ]
                      : []),
                  ]}
                  foot={!data.tieOut && <span>{say('noTie')}</span>}
                  basis
                />
                {opened && (
                  <div className="side">
                    <Life of={opened} to={to} onClose={() => set({ finding: '' }, true)} />
                  </div>
                )}
              </div>
              {data.noCatalogue && <p className="notice" data-tone="watch">{data.noCatalogue}</p>}
            </div>
          )
        }
      </Answered>
    </Page>
  );
}

const place = (key: string): number => bands.findIndex((b) => bandKey(b) === key);

/** Where the findings lie; each bar opens what it is made of. */
function Spread({ by, rows, whole, totals, total }: { by: Spread; rows: Row[]; whole: boolean; totals: { class: string; findings: number; value: string }[]; total: string }) {
  const { get, set } = useAddress();
  const sums = new Map<string, { n: number; value: Fen }>();
  if (by === 'class') for (const t of totals) sums.set(t.class, { n: t.findings, value: fen(t.value) });
  else
    for (const r of rows) {
      const key = by === 'age' ? bandOf(r.ageDays) : by === 'region' ? r.region : by === 'owner' ? r.owner : r.project;
      const at = sums.get(key) ?? { n: 0, value: 0n };
      sums.set(key, { n: at.n + 1, value: at.value + fen(r.value ?? '0') });
    }
  const all = [...sums].sort(([a, x], [b, y]) => (by === 'age' ? place(a) - place(b) : x.value < y.value ? 1 : x.value > y.value ? -1 : a < b ? -1 : 1));
  const shown = all.slice(0, 12);
  const top = all.reduce<(typeof all)[number] | undefined>((most, a) => (!most || a[1].value > most[1].value ? a : most), undefined);
  if (!top) return null;
  return (
    <Panel
      title={say('bars', { by: within(say(by)), top: within(nameIn(by, top[0], rows)), n: count(top[1].n), value: money(top[1].value), share: share(top[1].value, fen(total)).toFixed(0) })}
      bare
      note={<Chips at="by" label={say('by')} value={by} onChoose={(v) => set({ by: v === 'class' ? '' : v }, true)} choices={spreads.map((s) => ({ value: s, label: say(s) }))} />}
      foot={all.length > shown.length && <span className="soft">{say('others')} {say('count', { n: count(all.length - shown.length) })}</span>}
    >
      <div className={by !== 'class' && !whole ? 'stale' : undefined}>
        <Ranking
          label={say('by')}
          of={shown.map(([key, s]) => ({
            key,
            label: nameIn(by, key, rows),
            size: s.value,
            figures: say('figures', { n: count(s.n), value: money(s.value) }),
            chosen: get(by) === key,
          }))}
          onChoose={(key) => set({ [by]: get(by) === key ? '' : key, finding: '' })}
        />
      </div>
    </Panel>
  );
}

const exported = () => [
  { field: 'key', head: say('findings') },
  { field: 'class', head: say('class') },
  { field: 'region', head: say('region') },
  { field: 'project', head: say('project') },
  { field: 'part', head: say('part') },
  { field: 'on', head: say('on') },
  { field: 'ageDays', head: say('age') },
  { field: 'quantity', head: say('quantity') },
  { field: 'value', head: say('value') },
  { field: 'owner', head: say('owner') },
  { field: 'status', head: say('status') },
  { field: 'chinese', head: say('what') },
];

const columns = (narrow: boolean): Column<Row>[] => [
  { key: 'class', head: say('class'), kind: 'tight', cell: (r) => <Badge tone={tones[r.status] ?? 'plain'}>{nameOf('finding.Class', r.class)}</Badge> },
  { key: 'project', head: say('project'), kind: 'tight', value: (r) => r.project },
  { key: 'part', head: say('part'), kind: 'tight', lead: true, value: (r) => r.part },
  ...(narrow ? [] : [{ key: 'what', head: say('what'), cell: (r: Row) => (language() === 'zh' ? r.chinese : r.english) }]),
  { key: 'quantity', head: say('quantity'), kind: 'quantity', value: (r) => r.quantity },
  { key: 'value', head: say('value'), kind: 'money', value: (r) => r.value ?? '', sort: 'value' },
  { key: 'on', head: say('on'), kind: 'day', value: (r) => r.on },
  { key: 'age', head: say('age'), kind: 'quantity', sort: 'age', cell: (r) => <span className={r.ageDays > 90 && r.status === 'OPEN' ? 'late' : undefined}>{say('days', { n: count(r.ageDays) })}</span> },
  { key: 'owner', head: say('owner'), wide: true, value: (r) => ownerName(r) },
];

