import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Chips, Money } from '@/kit/Basics';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { PaperButton } from '../depot/Papers';
import { say } from './say';

type Row = RowOf<'/v1/parts/transfers'>;
type Status = NonNullable<Query<'/v1/parts/transfers'>['status']>;

const statuses: readonly Status[] = ['UNDER_WAY', 'RECEIVED'];

/** What depots sent to one another, and what has not arrived. */
export default function Transfers() {
  const { get, set, to } = useAddress();
  const show = get('show') || 'UNDER_WAY';
  const query: Query<'/v1/parts/transfers'> = {
    ...(get('region') && { region: get('region') }),
    ...(get('project') && { project: get('project') }),
    ...(get('part') && { part: get('part') }),
    ...(show !== 'all' && { status: show as Status }),
  };
  const { rows, first, of, more } = useRows('/v1/parts/transfers', { query });
  return (
    <Page
      of={of}
      title={say('title')}
      finding={first && show !== 'RECEIVED' && say('finding', { n: count(first.underWay), value: money(first.valueUnderWay) })}
      help={say('help')}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v === 'UNDER_WAY' ? '' : v })}
          choices={[...statuses.map((s) => ({ value: s as string, label: nameOf('parts.TransferStatus', s) })), { value: 'all', label: say('all') }]}
        />
      }
      actions={
        <>
          <PaperButton paper="transfer" begun={{ project: get('project') }} kind="main" />
          <ExportButton view="/v1/parts/transfers" query={query} title={say('title')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={12}>
        {(data) =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('title')}
              columns={columns(to)}
              rows={rows}
              id={(r) => r.transfer}
              more={more}
              count={data.count}
              totals={{ label: say('total'), cells: { value: <Money of={data.value} /> } }}
              basis
            />
          )
        }
      </Answered>
    </Page>
  );
}

const exported = () => [
  { field: 'transfer', head: say('slip') },
  { field: 'sentOn', head: say('sentOn') },
  { field: 'project', head: say('from') },
  { field: 'to', head: say('into') },
  { field: 'part', head: say('part') },
  { field: 'quantity', head: say('quantity') },
  { field: 'value', head: say('value') },
  { field: 'status', head: say('status') },
  { field: 'receivedOn', head: say('receivedOn') },
  { field: 'wentBackAs', head: say('back') },
  { field: 'days', head: say('days') },
  { field: 'actor', head: say('by') },
  { field: 'reason', head: say('reason') },
];

const columns = (to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'transfer', head: say('slip'), kind: 'tight', value: (r) => r.transfer },
  { key: 'from', head: say('from'), kind: 'tight', cell: (r) => <Link href={to('/parts/stock', { project: r.project })}>{r.project}</Link> },
  { key: 'to', head: say('into'), kind: 'tight', cell: (r) => <Link href={to('/parts/stock', { project: r.to })}>{r.to}</Link> },
  { key: 'part', head: say('part'), kind: 'tight', value: (r) => r.part },
  { key: 'serials', head: say('serials'), wide: true, cell: (r) => (r.serials ?? []).map((s) => <Link key={s} href={to(`/serials/${encodeURIComponent(s)}`)}>{s} </Link>) },
  { key: 'sentOn', head: say('sentOn'), kind: 'day', value: (r) => r.sentOn },
  { key: 'status', head: say('status'), cell: (r) => <><Badge tone={r.status === 'UNDER_WAY' ? 'watch' : r.wentBackAs ? 'bad' : 'good'}>{r.wentBackAs ? say('refused') : nameOf('parts.TransferStatus', r.status)}</Badge>{r.wentBackAs && <span className="soft"> {say('wentBack', { slip: r.wentBackAs })}</span>}{r.sendsBack && <span className="soft"> {say('sendsBack', { slip: r.sendsBack })}</span>}</> },
  { key: 'receivedOn', head: say('receivedOn'), kind: 'day', value: (r) => r.receivedOn },
  { key: 'days', head: say('days'), kind: 'quantity', value: (r) => String(r.days) },
  { key: 'by', head: say('by'), wide: true, value: (r) => personOf(r, 'actor') },
  { key: 'reason', head: say('reason'), wide: true, value: (r) => r.reason },
  { key: 'quantity', head: say('quantity'), kind: 'quantity', value: (r) => r.quantity },
  { key: 'value', head: say('value'), kind: 'money', value: (r) => r.value },
  {
    key: 'acts',
    head: '',
    kind: 'tight',
    cell: (r) =>
      r.status === 'UNDER_WAY' && (
        <>
          <PaperButton paper="takeIn" begun={{ transfer: r.transfer, from: r.project, project: r.to }} />{' '}
          <PaperButton paper="refuse" begun={{ transfer: r.transfer, from: r.project, project: r.to }} />
        </>
      ),
  },
];
