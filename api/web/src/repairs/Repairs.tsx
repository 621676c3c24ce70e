import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Chips, Money, type Tone } from '@/kit/Basics';
import { shortDay } from '@/kit/dates';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { within } from '@/kit/words';
import { idOf, paperOf, pathOf } from './papers';
import { FileButton } from './sheet/FileSheet';
import { Party } from './Party';
import { say } from './say';

type Row = RowOf<'/v1/repairs'>;

export default function Repairs() {
  const { get, set, to } = useAddress();
  const which = get('show');
  const region = get('region');
  const query: Query<'/v1/repairs'> = {
    ...(region && { region }),
    ...(get('project') && { project: get('project') }),
    ...(get('maker') && { maker: get('maker') }),
    ...(which === 'overdue' && { overdue: true }),
    ...(which === 'approving' && { status: 'AWAITING_APPROVAL' }),
    ...(which === 'toReceive' && { toReceive: true }),
    ...(which === 'all' && { all: true }),
  };
  const { rows, first, of, more } = useRows('/v1/repairs', { query });
  const t = first?.total;
  const grouped = !region && !more.has;
  return (
    <Page
      of={of}
      title={say('repairs')}
      finding={t && say(which === 'all' ? 'findingAll' : 'finding', { n: count(t.count), atMaker: count(t.atMaker), overdue: count(t.overdue), payable: money(t.payable) })}
      help={say('help')}
      {...(region && { crumbs: [{ label: say('repairs'), to: to('/repairs') }, { label: region }] })}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={which}
          onChoose={(v) => set({ show: v })}
          choices={[
            { value: '', label: say('open') },
            { value: 'overdue', label: say('overdue') },
            { value: 'approving', label: say('approving') },
            { value: 'toReceive', label: say('toReceive') },
            { value: 'all', label: say('all') },
          ]}
        />
      }
      actions={
        <>
          <FileButton kind="main" />
          <ExportButton view="/v1/repairs" query={query} title={say('repairs')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={16}>
        {() =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('repairs')}
              columns={columns(to)}
              rows={rows}
              id={idOf}
              open={(r) => to(pathOf(r))}
              more={more}
              {...(grouped && {
                groupOf: (r: Row) => r.region,
                group: (name: string, own: Row[]) => ({
                  label: (
                    <>
                      <Link href={to('/repairs', { region: name, show: which })}>{name}</Link> <span className="soft">{say('group', { n: own.length, overdue: own.filter((r) => r.daysOverdue).length })}</span>
                    </>
                  ),
                }),
              })}
              {...(t && { totals: { label: say('total'), cells: { payable: <Money of={t.payable} /> } } })}
              basis
            />
          )
        }
      </Answered>
    </Page>
  );
}

export const tones: Record<string, Tone> = { AT_MAKER: 'mark', AWAITING_RESULT: 'watch', AWAITING_APPROVAL: 'watch', REJECTED: 'bad', REPAIRED: 'good', REPLACED: 'good', NOT_BACK: 'bad', SCRAPPED: 'bad', BACK: 'good' };

const exported = () => [
  { field: 'return', head: say('sheet') },
  { field: 'shipment', head: say('batch') },
  { field: 'region', head: say('region') },
  { field: 'project', head: say('where') },
  { field: 'part', head: say('device') },
  { field: 'serial', head: say('serial') },
  { field: 'maker', head: say('maker') },
  { field: 'makerUnrecorded', head: say('unrecorded') },
  { field: 'catalogueMaker', head: say('catalogueMaker') },
  { field: 'status', head: say('state') },
  { field: 'shippedOn', head: say('shipped') },
  { field: 'daysAtMaker', head: say('days') },
  { field: 'dueOn', head: say('due') },
  { field: 'expectedBackOn', head: say('promised') },
  { field: 'payable', head: say('payable') },
];

const columns = (to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'return', head: say('sheet'), kind: 'tight', cell: (r) => <Link href={to(pathOf(r))}>{paperOf(r)}</Link> },
  { key: 'device', head: say('device'), cell: (r) => <><span className="nowrap">{r.part}</span> <span className="nowrap">{r.serial}</span></> },
  { key: 'maker', head: say('maker'), cell: (r) => <Party name={r.maker} unrecorded={r.makerUnrecorded} listed={r.catalogueMaker} /> },
  { key: 'fault', head: say('fault'), wide: true, value: (r) => r.fault },
  {
    key: 'state',
    head: say('state'),
    cell: (r) => (
      <>
        <Badge tone={tones[r.status]}>{nameOf('repairs.RepairStatus', r.status)}</Badge>{' '}
        {r.awaiting && <span className="soft">{say('awaits', { gate: within(nameOf('repair.Gate', r.awaiting)) })}</span>}
        {r.toReceive && <Badge tone="watch">{say('toReceive')}</Badge>}
      </>
    ),
  },
  { key: 'shipped', head: say('shipped'), kind: 'tight', value: (r) => r.shippedOn },
  { key: 'days', head: say('days'), kind: 'quantity', lead: true, value: (r) => (r.daysAtMaker === null ? '' : String(r.daysAtMaker)) },
  {
    key: 'due',
    head: say('due'),
    cell: (r) =>
      r.dueOn && (
        <>
          <span className="nowrap">{r.dueOn}</span> {r.daysOverdue ? <span className="late nowrap">{say('overBy', { n: r.daysOverdue })}</span> : null} {r.expectedBackOn && r.expectedBackOn !== r.dueOn && <span className="soft nowrap">{say('promisedSince', { on: r.expectedBackOn })}</span>}
        </>
      ),
  },
  { key: 'last', head: say('last'), wide: true, cell: (r) => (r.lastFollowUp ? <span className="row-text">{shortDay(r.lastFollowUp.on)} {r.lastFollowUp.note}</span> : null) },
  { key: 'payable', head: say('payable'), kind: 'money', value: (r) => r.payable ?? '' },
];
