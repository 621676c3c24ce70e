import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Chips, Money } from '@/kit/Basics';
import { ageName, AgeingBar, AgeingLegend, ages, overdue } from '@/kit/Bars';
import { Drill, DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { fen, money, sum, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useView, type Answer } from '@/kit/view';
import { listed } from '@/kit/words';
import { Breakdown, BreakdownExport } from './Breakdown';
import { say } from './say';

type Body = Answer<'/v1/receivables'>;
type Row = NonNullable<Body['rows']>[number];

export default function Receivables() {
  const { get, set, to } = useAddress();
  const view = get('view') || 'region';
  const region = get('region');
  const sorted = get('sort');
  const parts = view === 'project' || view === 'kind';
  const query = { limit: 1000, ...(region && { region }), ...(sorted && !parts && { sort: sorted as '-closing' }) };
  const q = useView('/v1/receivables', { query });
  const ledger = useView('/v1/trial-balance', { query: { ...(region && { region }) } });
  const booked = ledger.data?.rows?.filter((r) => r.account?.startsWith('1122')).reduce((t, r) => t + fen(r.closing), 0n);
  return (
    <Page
      of={q}
      title={say('receivables')}
      finding={q.data && found(q.data)}
      help={say('receivablesHelp')}
      {...(region && { crumbs: [{ label: say('receivables'), to: to('/receivables') }, { label: region }] })}
      filters={
        <>
          <Chips
            at="view"
            label={say('view')}
            value={view}
            onChoose={(v) => set({ view: v === 'region' ? '' : v, sort: '' })}
            choices={[
              { value: 'region', label: say('byRegion') },
              { value: 'age', label: say('byAge') },
              { value: 'project', label: say('byProject') },
              { value: 'kind', label: say('byKind') },
            ]}
          />
          {view !== 'age' && view !== 'kind' && <AgeingLegend />}
        </>
      }
      actions={
        <>
          {parts ? <BreakdownExport by={view} /> : <ExportButton view="/v1/receivables" query={query} title={say('receivables')} columns={exported()} />}
          <PrintButton />
        </>
      }
    >
      {parts ? (
        <Breakdown by={view} />
      ) : (
        <Answered of={q} rows={16}>
          {(data) => (data.rows?.length ? <Centers of={data} booked={booked} byAge={view === 'age'} /> : <Empty />)}
        </Answered>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'region', head: say('regions') },
  { field: 'center', head: say('center') },
  { field: 'name', head: say('name') },
  ...ages.map((age) => ({ field: `ageing.${age}`, head: ageName(age) })),
  { field: 'openUnconfirmed', head: say('unconfirmed') },
  { field: 'openConfirmed', head: say('confirmed') },
  { field: 'open', head: say('open') },
  { field: 'unapplied', head: say('unapplied') },
  { field: 'writtenOff', head: say('writtenOff') },
  { field: 'closing', head: say('closing') },
];

function found(of: Body): string {
  const owing = (of.rows ?? []).filter((r) => fen(r.closing) !== 0n);
  const late = owing.filter((r) => overdue(r.ageing) > 0n).sort((a, b) => (overdue(b.ageing) > overdue(a.ageing) ? 1 : -1));
  const total = money(of.total.closing);
  if (!late.length) return say('owesNoneLate', { n: owing.length, sum: total });
  const named = listed(late.slice(0, 3).map((r) => r.name || (r.center ?? '')));
  return say('owes', { n: owing.length, sum: total, late: money(overdue(of.total.ageing)), who: late.length > 3 ? say('others', { who: named, n: late.length }) : named });
}

function Centers({ of, booked, byAge }: { of: Body; booked: bigint | undefined; byAge: boolean }) {
  const { get, to } = useAddress();
  const rows = of.rows ?? [];
  const grouped = !get('sort') && !get('region');
  const scale = rows.reduce((m, r) => (fen(r.open) > m ? fen(r.open) : m), 0n);
  const drill = (r: Row, amount: string, what: string) => (
    <Drill to="/charges" params={{ center: r.center, open: '1' }} sum={amount} what={what}>
      {money(amount)}
    </Drill>
  );
  const columns: Column<Row>[] = [
    { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
    { key: 'name', head: say('name'), kind: 'name', wide: byAge, value: (r) => r.name },
    ...(byAge
      ? ages.map((age): Column<Row> => ({ key: age, head: ageName(age), kind: 'money', value: (r) => r.ageing[age], tone: () => (age === 'notDue' ? undefined : 'late') }))
      : [
          { key: 'ageing', head: say('ageing'), width: '19%', cell: (r) => <AgeingBar of={r.ageing} scale={scale} />, offCards: true } satisfies Column<Row>,
          { key: 'notDue', head: say('notDue'), kind: 'money', value: (r) => r.ageing.notDue } satisfies Column<Row>,
          { key: 'overdue', head: say('overdue'), kind: 'money', sort: 'overdue', value: (r) => yuan(overdue(r.ageing)), tone: () => 'late' } satisfies Column<Row>,
          { key: 'unconfirmed', head: say('unconfirmed'), kind: 'money', wide: true, value: (r) => r.openUnconfirmed } satisfies Column<Row>,
          { key: 'confirmed', head: say('confirmed'), kind: 'money', wide: true, value: (r) => r.openConfirmed } satisfies Column<Row>,
        ]),
    { key: 'open', head: say('open'), kind: 'money', sort: 'open', value: (r) => r.open, cell: (r) => (fen(r.open) === 0n ? <Money of={r.open} /> : drill(r, r.open, say('open'))) },
    { key: 'unapplied', head: say('unapplied'), kind: 'money', sort: 'unapplied', wide: true, value: (r) => r.unapplied },
    { key: 'writtenOff', head: say('writtenOff'), kind: 'money', wide: true, value: (r) => r.writtenOff },
    { key: 'closing', head: say('closing'), kind: 'money', sort: 'closing', value: (r) => r.closing },
  ];
  const cells = (of: { rows: Row[] } | { total: Row }): Record<string, React.ReactNode> => {
    const add = (pick: (r: Row) => string) => ('total' in of ? fen(pick(of.total)) : sum(of.rows.map(pick)));
    const late = 'total' in of ? overdue(of.total.ageing) : of.rows.reduce((t, r) => t + overdue(r.ageing), 0n);
    return {
      ...Object.fromEntries(ages.map((age) => [age, <Money key={age} of={add((r) => r.ageing[age])} tone={age === 'notDue' ? undefined : 'late'} />])),
      overdue: <Money of={late} tone="late" />,
      unconfirmed: <Money of={add((r) => r.openUnconfirmed)} />,
      confirmed: <Money of={add((r) => r.openConfirmed)} />,
      open: <Money of={add((r) => r.open)} />,
      unapplied: <Money of={add((r) => r.unapplied)} />,
      writtenOff: <Money of={add((r) => r.writtenOff)} />,
      closing: <Money of={add((r) => r.closing)} />,
    };
  };
  const t = of.total;
  return (
    <Table
      label={say('receivables')}
      columns={columns}
      rows={rows}
      id={(r) => r.center ?? ''}
      open={(r) => to(`/centers/${r.center}`)}
      {...(grouped && {
        groupOf: (r: Row) => r.region ?? '',
        group: (region: string, own: Row[]) => ({
          label: (
            <>
              <Link href={to('/receivables', { region, view: get('view') })}>{region}</Link> <span className="soft">{say('centers', { n: own.length })}</span>
            </>
          ),
          cells: cells({ rows: own }),
        }),
      })}
      totals={{ label: get('region') ? say('regionTotal', { region: get('region') }) : say('total'), cells: cells({ total: t }) }}
      proofs={[
        {
          terms: byAge ? ages.map((age) => ({ column: age, of: t.ageing[age] })) : [{ column: 'notDue', of: t.ageing.notDue }, { column: 'overdue', of: overdue(t.ageing) }],
          makes: { column: 'open', of: t.open },
          each: rows.every((r) => sum(ages.map((a) => r.ageing[a])) === fen(r.open)),
        },
        { terms: [{ column: 'unconfirmed', says: say('unconfirmed'), of: t.openUnconfirmed }, { column: 'confirmed', says: say('confirmed'), of: t.openConfirmed }], makes: { column: 'open', of: t.open }, each: rows.every((r) => fen(r.openUnconfirmed) + fen(r.openConfirmed) === fen(r.open)) },
        { terms: [{ column: 'open', of: t.open }, { column: 'unapplied', of: t.unapplied, minus: true }, { column: 'writtenOff', of: t.writtenOff }], makes: { column: 'closing', of: t.closing }, each: rows.every((r) => fen(r.open) - fen(r.unapplied) + fen(r.writtenOff) === fen(r.closing)) },
        { says: booked === fen(t.open) ? say('proofLedger', { sum: money(t.open) }) : say('proofLedgerOff', { by: money((booked ?? 0n) - fen(t.open)) }), holds: booked === fen(t.open), of: [booked, t.open], columns: ['open'] },
      ]}
      foot={<DrillProof sum={t.closing} />}
      basis
    />
  );
}
