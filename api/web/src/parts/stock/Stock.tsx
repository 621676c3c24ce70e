import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { asOfDay, useAddress } from '@/kit/address';
import { Button, Chips, Money, Proof, Quantity } from '@/kit/Basics';
import { plusDays, plusMonths, shortDay } from '@/kit/dates';
import { Drill } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, isZero, money, sum, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, useView, type Answer, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { NewPaper } from '../depot/Papers';
import { Adjust, adjusters } from './Adjust';
import { say } from './say';
import { variance } from './variance';

type Month = NonNullable<Answer<'/v1/parts/roll-forward'>['totals']>[number];
type Row = RowOf<'/v1/parts/roll-forward'>;
type Figure = Row['opening'];

/** Figures of a month that are movements: what came in, and what left. */
const ins = ['received', 'transfersIn', 'returned'] as const;
const outs = ['issued', 'transfersOut', 'scrapped'] as const;
const kinds = { received: 'RECEIPT', transfersIn: 'TRANSFER_IN', returned: 'RETURN', issued: 'ISSUE', transfersOut: 'TRANSFER_OUT', scrapped: 'SCRAP', adjusted: 'ADJUSTMENT' } as const;
type Moving = keyof typeof kinds;

export default function Stock() {
  const { get, set, cut, to } = useAddress();
  const last = get('through') || asOfDay(cut).slice(0, 7);
  const first = plusMonths(last, -11);
  const [region, project, part] = [get('region'), get('project'), get('part')];
  const scope = { ...(region && { region }), ...(project && { project }), ...(part && { part }) };
  const query = { month: first, through: last, limit: 1, ...scope };
  const q = useView('/v1/parts/roll-forward', { query });
  const months = q.data?.totals ?? [];
  const month = get('month');
  return (
    <Page
      of={q}
      title={say('stock')}
      finding={
        months.length > 0 &&
        say('finding', { from: months[0]?.month ?? '', to: months.at(-1)?.month ?? '', opening: money(months[0]?.opening ?? '0'), closing: money(months.at(-1)?.closing ?? '0'), month: lastCounted(months)?.month ?? last, variance: money(lastCounted(months)?.unexplained ?? '0') })
      }
      help={say('help')}
      filters={
        <>
          <div className="chips" role="group" aria-label={say('month')}>
            <button type="button" className="chip" onClick={() => set({ through: plusMonths(last, -12), month: '' })} aria-label={say('earlier')}>‹</button>
            <span>{first} – {last}</span>
            <button type="button" className="chip" onClick={() => set({ through: plusMonths(last, 12), month: '' })} aria-label={say('later')}>›</button>
          </div>
          {[...Object.entries(scope)].map(([name, value]) => (
            <button key={name} type="button" className="chip" aria-pressed="true" onClick={() => set({ [name]: '' })}>{value} ✕</button>
          ))}
        </>
      }
      actions={
        <>
          <NewPaper project={project} />
          <ExportButton view="/v1/parts/roll-forward" query={{ ...(month ? { month } : { month: first, through: last }), ...scope }} title={`${say('stock')} ${month || `${first} ${last}`}`} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <div className="stack">
        <Answered of={q} rows={14}>
          {() =>
            months.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('stock')}
                columns={monthColumns(scope)}
                rows={months}
                id={(m) => m.month}
                active={month}
                onActive={(m) => set({ month: m.month === month ? '' : m.month }, true)}
                totals={{ label: say('total'), cells: totals(months) }}
                proofs={proofs(months, Boolean(part))}
                basis
              />
            )
          }
        </Answered>
        {month ? <OneMonth key={month} month={month} scope={scope} to={to} /> : q.data && !q.error && <p className="soft">{say('wantMonth')}</p>}
      </div>
    </Page>
  );
}

const exported = () => [
  { field: 'month', head: say('month') },
  { field: 'project', head: say('project') },
  { field: 'part', head: say('part') },
  ...(['opening', ...ins, ...outs, 'adjusted', 'closing'] as const).flatMap((f) => [
    { field: `${f}.quantity`, head: `${say(f)} ${say('quantity')}` },
    { field: `${f}.value`, head: `${say(f)} ${say('value')}` },
  ]),
  { field: 'count.counted', head: say('real') },
  { field: 'count.unexplained.quantity', head: say('differs') },
];

type Scope = Record<string, string>;

const isOut = (f: Moving): boolean => (outs as readonly string[]).includes(f);

/** What a month's value opens: the movements of its kind; what left is negative there. */
const MonthFigure = ({ of: m, field, scope }: { of: Month; field: Moving; scope: Scope }) =>
  fen(m[field]) === 0n ? (
    <Money of="0" />
  ) : (
    <Drill to="/parts/movements" params={{ ...scope, month: m.month, kind: kinds[field] }} sum={isOut(field) ? yuan(-fen(m[field])) : m[field]} what={`${m.month} ${say(field)}`}>
      {money(m[field])}
    </Drill>
  );

const monthColumns = (scope: Scope): Column<Month>[] => [
  { key: 'month', head: say('month'), kind: 'tight', value: (m) => m.month },
  // The closing of the month before, as the foot proves.
  { key: 'opening', head: say('opening'), kind: 'money', wide: 'desk', value: (m) => m.opening },
  ...([...ins, ...outs, 'adjusted'] as const).map(
    (f): Column<Month> => ({ key: f, head: `${ins.includes(f as 'received') ? '+ ' : isOut(f) ? '− ' : '± '}${say(f)}`, kind: 'money', cell: (m) => <MonthFigure of={m} field={f} scope={scope} /> }),
  ),
  {
    key: 'closing',
    head: `= ${say('closing')}`,
    kind: 'money',
    cell: (m) => (
      <b>
        <Drill to="/parts/movements" params={{ ...scope, to: lastDay(m.month) }} sum={m.closing} what={`${m.month} ${say('closing')}`}>{money(m.closing)}</Drill>
      </b>
    ),
  },
  // It is the book that adds up, whatever was counted: the tick stands beside the closing and says of what.
  { key: 'ties', head: say('adds'), kind: 'tight', wide: true, offCards: true, cell: (m) => <Proof holds={m.ties}>{''}</Proof> },
  { key: 'variance', head: say('variance'), kind: 'money', value: (m) => m.unexplained, tone: () => 'late' },
];

const lastDay = (month: string): string => plusDays(`${plusMonths(month, 1)}-01`, -1);

/** Shortages that nobody explained are counted again each month: they are those of the last month with a count, and no sum. */
const lastCounted = (months: Month[]) => months.filter((m) => fen(m.unexplained) !== 0n).at(-1);

const totals = (months: Month[]): Record<string, ReactNode> => ({
  opening: <Money of={months[0]?.opening ?? '0'} />,
  ...Object.fromEntries(([...ins, ...outs, 'adjusted'] as const).map((f) => [f, <Money key={f} of={sum(months.map((m) => m[f]))} />])),
  closing: <Money of={months.at(-1)?.closing ?? '0'} />,
});

function proofs(months: Month[], onePart: boolean) {
  const all = (fields: readonly Moving[]) => fields.reduce((t, f) => t + sum(months.map((m) => m[f])), 0n);
  const [opening, closing] = [months[0]?.opening ?? '0', months.at(-1)?.closing ?? '0'];
  const adjusted = all(['adjusted']);
  const into = all(ins) + (adjusted > 0n ? adjusted : 0n);
  const out = all(outs) - (adjusted < 0n ? adjusted : 0n);
  return [
    { of: [opening, into, out, closing], says: say('proof', { opening: money(opening), into: money(into), out: money(out), closing: money(closing) }), holds: fen(opening) + into - out === fen(closing) && months.every((m) => m.ties) },
    { says: say('chain'), of: months.flatMap((m) => [m.opening, m.closing]), columns: ['opening', 'closing'], holds: months.every((m, i) => i === 0 || m.opening === months[i - 1]?.closing) },
    ...(onePart ? [] : [{ says: say('books'), of: months.flatMap((m) => [m.closing, m.booked]), columns: ['closing'], holds: months.every((m) => fen(m.closing) === fen(m.booked)) }]),
  ];
}

const differs = (r: Row) => r.count !== undefined && !isZero(r.count.unexplained.quantity);
const moved = (r: Row) => r.opening.quantity !== r.closing.quantity || ([...ins, ...outs] as const).some((f) => !isZero(r[f].quantity));

/** Every part of every project over one month, and the sheets that counted them. */
function OneMonth({ month, scope, to }: { month: string; scope: Scope; to: ReturnType<typeof useAddress>['to'] }) {
  const { get, set } = useAddress();
  const { rows, of, more } = useRows('/v1/parts/roll-forward', { query: { month, ...scope }, whole: true }); // a month is judged whole: what differs must be all of it
  const { has } = more;
  const [adjusting, adjust] = useState<Row>();
  const role = useSession()?.role ?? '';
  const which = get('show') || (rows.some(differs) ? 'differing' : 'moved');
  const shown = rows.filter((r) => (which === 'differing' ? differs(r) : which === 'counted' ? r.count : which === 'moved' ? moved(r) : true));
  return (
    <Answered of={of} rows={10}>
      {() => (
        <Panel
          title={say('monthTitle', { month, n: count(rows.length) })}
          bare
          foot={!has && rows.some(differs) && <VarianceBridge rows={rows} month={month} scope={scope} />}
          note={
            <Chips
              at="show"
              label={say('filter')}
              value={which}
              onChoose={(v) => set({ show: v }, true)}
              choices={[
                { value: 'differing', label: say('differing'), count: has ? undefined : rows.filter(differs).length },
                { value: 'counted', label: say('counted'), count: has ? undefined : rows.filter((r) => r.count).length },
                { value: 'moved', label: say('moved'), count: has ? undefined : rows.filter(moved).length },
                { value: 'all', label: say('all'), count: has ? undefined : rows.length },
              ]}
            />
          }
        >
          {adjusting && <Adjust of={adjusting} close={() => adjust(undefined)} />}
          <div className={has ? 'stale' : undefined}>
            {shown.length === 0 ? <Empty /> : (
              <Table
                label={say('monthTitle', { month, n: count(rows.length) })}
                columns={rowColumns(month, to, adjusters.includes(role) ? adjust : undefined)}
                rows={shown}
                id={(r) => `${r.project} ${r.part}`}
                groupOf={(r) => r.project}
                group={(name, own) => ({ label: <>{name} <span className="soft">{own[0]?.region} · {say('ofRows', { n: own.length })}</span> <Sheets of={rows.filter((r) => r.project === name)} /></> })}
                count={shown.length}
                proofs={[{ says: say('rowsTie'), of: [String(rows.length)], columns: ['opening', 'closing'], holds: rows.every((r) => r.ties) }]}
              />
            )}
          </div>
        </Panel>
      )}
    </Answered>
  );
}

/** From the month's variance to the findings that are open of it. */
function VarianceBridge({ rows, month, scope }: { rows: Row[]; month: string; scope: Scope }) {
  const { cut, to } = useAddress();
  const end = lastDay(month);
  const { rows: findings, first, more } = useRows('/v1/findings', { query: { class: ['COUNT_SHORT', 'COUNT_OVER'], ...scope }, at: { ...cut, asOf: end < asOfDay(cut) ? end : asOfDay(cut) }, explode: true, whole: true });
  const v = first && !more.has ? variance(rows, findings) : undefined;
  return (
    v && (
      <span className="soft">
        {say('bridge', { counted: money(v.counted), listed: money(v.listed), cost: money(v.cost) })} {v.rest !== 0n && say('bridgeRest', { rest: money(v.rest) })} <Link href={to('/parts/findings', { ...scope, class: 'COUNT_SHORT' })}>{say('toFindings')}</Link>
      </span>
    )
  );
}

/** The sheets that counted a project's depot in the month; each opens as it was printed. */
function Sheets({ of }: { of: Row[] }) {
  const sheets = new Map<string, Row[]>();
  for (const r of of) if (r.count) sheets.set(r.count.count, [...(sheets.get(r.count.count) ?? []), r]);
  return (
    <>
      {[...sheets].map(([sheet, lines]) => (
        <span key={sheet} className="soft">
          {' '}· {say('sheet')}{' '}
          <a href={`/v1/projects/${lines[0]?.project}/depot/counts/${sheet}/form?format=pdf`} target="_blank" rel="noopener">{sheet}</a>{' '}
          {shortDay(lines[0]?.count?.countedOn ?? '')} {say('sheetLines', { lines: lines.length, differing: lines.filter(differs).length })}
        </span>
      ))}
    </>
  );
}

function Units({ of, r, month, field, upTo }: { of: Figure; r: Row; month: string; field: Moving | 'opening' | 'closing'; upTo?: string }) {
  if (isZero(of.quantity) && isZero(of.value)) return <Quantity of="0" />;
  const out = field !== 'opening' && field !== 'closing' && isOut(field);
  return (
    <Drill
      to="/parts/movements"
      params={{ project: r.project, part: r.part, ...(field === 'opening' || field === 'closing' ? { to: upTo } : { month, kind: kinds[field] }) }}
      sum={out ? yuan(-fen(of.value)) : of.value}
      what={`${r.project} ${r.part} ${month} ${say(field)}`}
    >
      <Quantity of={of.quantity} />
    </Drill>
  );
}

const rowColumns = (month: string, to: ReturnType<typeof useAddress>['to'], adjust: ((r: Row) => void) | undefined): Column<Row>[] => [
  { key: 'part', head: say('part'), cell: (r) => r.part },
  { key: 'opening', head: say('opening'), kind: 'quantity', cell: (r) => <Units of={r.opening} r={r} month={month} field="opening" upTo={lastDay(plusMonths(month, -1))} /> },
  ...([...ins, ...outs, 'adjusted'] as const).map((f): Column<Row> => ({ key: f, head: say(f), kind: 'quantity', cell: (r) => <Units of={r[f]} r={r} month={month} field={f} /> })),
  { key: 'closing', head: say('closing'), kind: 'quantity', cell: (r) => <Units of={r.closing} r={r} month={month} field="closing" upTo={lastDay(month)} /> },
  { key: 'value', head: say('value'), kind: 'money', value: (r) => r.closing.value },
  { key: 'book', head: say('book'), kind: 'quantity', cell: (r) => r.count && <Quantity of={r.count.book} /> },
  { key: 'real', head: say('real'), kind: 'quantity', cell: (r) => r.count && <Quantity of={r.count.counted} /> },
  {
    key: 'differs',
    head: say('differs'),
    kind: 'quantity',
    cell: (r) =>
      r.count && differs(r) ? (
        <Link className="wrong" href={to('/parts/findings', { project: r.project, part: r.part })}>
          <Quantity of={r.count.unexplained.quantity} /> {r.count.unexplained.value !== null && <>({money(r.count.unexplained.value)})</>}
        </Link>
      ) : r.count ? <Quantity of="0" /> : null,
  },
  ...(adjust ? [{ key: 'acts', head: '', kind: 'tight' as const, cell: (r: Row) => differs(r) && <Button kind="quiet" onClick={() => adjust(r)}>{say('adjust')}</Button> }] : []),
];
