import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Money, Quantity } from '@/kit/Basics';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { say } from './say';

type Row = RowOf<'/v1/parts/movements'>;
type Kind = NonNullable<Query<'/v1/parts/movements'>['kind']>[number];

/** What a figure of the stock is made of. */
export default function Movements() {
  const { get, to } = useAddress();
  const query: Query<'/v1/parts/movements'> = {
    ...(get('region') && { region: get('region') }),
    ...(get('project') && { project: get('project') }),
    ...(get('part') && { part: get('part') }),
    ...(get('month') && { month: get('month') }),
    ...(get('from') && { from: get('from') }),
    ...(get('to') && { to: get('to') }),
    ...(get('kind') && { kind: [get('kind') as Kind] }),
    ...(get('count') && { count: get('count') }),
  };
  const { rows, first, of, more } = useRows('/v1/parts/movements', { query });
  const what = get('of') || [get('project'), get('part'), get('month'), nameOf('parts.MovementKind', get('kind'))].filter(Boolean).join(' ') || say('movements');
  return (
    <Page
      of={of}
      title={say('movements')}
      finding={first && say('movementsFinding', { what, n: count(first.count), value: money(first.value) })}
      help={say('movementsHelp')}
      crumbs={[{ label: say('stock'), to: to('/parts/stock', { ...(get('region') && { region: get('region') }), month: get('month') }) }, { label: what }]}
      actions={
        <>
          <ExportButton view="/v1/parts/movements" query={query} title={`${say('movements')} ${what}`} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={14}>
        {(data) =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={what}
              columns={columns(to)}
              rows={rows}
              id={(r) => `${r.position} ${r.part} ${r.kind}`}
              more={more}
              count={data.count}
              totals={{ label: say('total'), cells: { ...(data.quantity && { quantity: <Quantity of={data.quantity} /> }), value: <Money of={data.value} /> } }}
              foot={<DrillProof sum={data.value} />}
              basis
            />
          )
        }
      </Answered>
    </Page>
  );
}

const exported = () => [
  { field: 'on', head: say('on') },
  { field: 'project', head: say('project') },
  { field: 'part', head: say('part') },
  { field: 'kind', head: say('kind') },
  { field: 'slip', head: say('slip') },
  { field: 'faultLine', head: say('line') },
  { field: 'person', head: say('person') },
  { field: 'quantity', head: say('quantity') },
  { field: 'value', head: say('value') },
  { field: 'reason', head: say('reason') },
];

/** Slips that print as a form of their own. */
const form = (r: Row): string | undefined =>
  r.kind === 'ISSUE' ? `/v1/projects/${r.project}/depot/issues/${r.slip}/form?format=pdf` : r.kind === 'ADJUSTMENT' && r.reference ? `/v1/projects/${r.project}/depot/counts/${r.reference}/form?format=pdf` : undefined;

const columns = (to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'on', head: say('on'), kind: 'day', value: (r) => r.on },
  { key: 'kind', head: say('kind'), kind: 'tight', value: (r) => nameOf('parts.MovementKind', r.kind) },
  { key: 'project', head: say('project'), kind: 'tight', value: (r) => r.project },
  { key: 'part', head: say('part'), kind: 'tight', value: (r) => r.part },
  {
    key: 'slip',
    head: say('slip'),
    cell: (r) => {
      const paper = form(r);
      return paper ? <a href={paper} target="_blank" rel="noopener">{r.slip}</a> : r.slip;
    },
  },
  { key: 'line', head: say('line'), wide: true, value: (r) => r.faultLine },
  { key: 'person', head: say('person'), wide: true, value: (r) => personOf(r, 'person') },
  { key: 'serials', head: say('serials'), cell: (r) => (r.serials ?? []).map((s) => <Link key={s} href={to(`/serials/${encodeURIComponent(s)}`)}>{s} </Link>) },
  { key: 'reason', head: say('reason'), wide: true, value: (r) => [r.otherProject && `⇄ ${r.otherProject}`, r.reason, r.override].filter(Boolean).join(' ') },
  { key: 'quantity', head: say('quantity'), kind: 'quantity', value: (r) => r.quantity },
  { key: 'value', head: say('value'), kind: 'money', value: (r) => r.value },
];
