import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Badge, Chips, Money } from '@/kit/Basics';
import { DayRange } from '@/kit/DayInput';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, money } from '@/kit/fen';
import { Numbers } from '@/kit/numbers';
import { Page } from '@/kit/Page';
import { usePlaces, type Places } from '@/kit/places';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import type { Tie } from '@/kit/ties';
import { useRows, type Answer, type Query, type RowOf } from '@/kit/view';
import { headed } from '@/kit/words';
import { say } from './say';

type Row = RowOf<'/v1/charges'>;
type Sums = Answer<'/v1/charges'>;

export default function Charges() {
  const { get, set, to } = useAddress();
  const which = get('open') ? 'open' : get('late') ? 'late' : get('doubles') ? 'doubles' : '';
  const [center, region, project, kind, posted, from, until, sort] = [get('center'), get('region'), get('project'), get('kind'), get('posted'), get('from'), get('to'), get('sort')];
  const query: Query<'/v1/charges'> = {
    ...(center && { center }),
    ...(region && { region }),
    ...(project && { project }),
    ...(kind && { kind: kind as 'ADD' }),
    ...(posted && { posted }),
    ...(from && { occurredFrom: from }),
    ...(until && { occurredTo: until }),
    ...(which === 'open' && { openOnly: true }),
    ...(which === 'late' && { lateOnly: true }),
    ...(which === 'doubles' && { possibleDuplicates: true }),
    // What is open is looked at for what fell due first; everything, for what is new.
    sort: (sort || (which === 'open' ? 'dueOn' : '-occurredOn')) as '-open',
  };
  const places = usePlaces();
  const { rows, first, of, more } = useRows('/v1/charges', { query });
  const scope = [region, center && places.center(center), project && places.project(project), posted].filter(Boolean);
  return (
    <Page
      of={of}
      title={say('charges')}
      finding={first && headed(scope.join(' · '), found(first))}
      help={say('chargesHelp')}
      {...(center && {
        crumbs: [
          { label: say('receivables'), to: to('/receivables') },
          { label: places.center(center), to: to(`/centers/${center}`) },
          { label: say('charges') },
        ],
      })}
      filters={
        <>
          <Chips
            label={say('view')}
            value={which}
            onChoose={(v) => set({ open: v === 'open' ? '1' : '', late: v === 'late' ? '1' : '', doubles: v === 'doubles' ? '1' : '', foots: '', of: '' })}
            choices={[
              { value: '', label: say('all') },
              { value: 'open', label: say('onlyOpen') },
              { value: 'late', label: say('onlyLate') },
              { value: 'doubles', label: say('doubles') },
            ]}
          />
          <DayRange label={say('occurred')} from={from} to={until} onChange={(from, to) => set({ from, to, foots: '', of: '' })} />
        </>
      }
      actions={
        <>
          <ExportButton view="/v1/charges" query={query} title={say('charges')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={20}>
        {(first) =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('charges')}
              columns={columns(to, places, center)}
              rows={rows}
              id={(r) => `${r.center}/${r.charge}`}
              open={(r) => to(`/charges/${r.center}/${r.charge}`)}
              count={first.count}
              more={more}
              totals={{
                label: say('total'),
                cells: { gross: <Money of={first.gross} />, paid: <Money of={first.paid} />, credited: <Money of={first.credited} />, open: <Money of={first.open} /> },
              }}
              proofs={proofs(first)}
              foot={first.open !== null && <DrillProof sum={first.open} />}
              basis
            />
          )
        }
      </Answered>
    </Page>
  );
}

/** Whoever does not see what a center owes sees what was charged. */
const found = (f: Sums) =>
  f.open === null
    ? say('chargesBilled', { n: count(f.count), gross: money(f.gross) })
    : say('chargesFinding', { n: count(f.count), gross: money(f.gross), open: money(f.open) });

const proofs = (f: Sums): Tie[] => [
  {
    terms: [
      { column: 'gross', of: f.gross },
      { column: 'paid', of: f.paid, minus: true },
      { column: 'credited', of: f.credited, minus: true },
      { says: say('transferred'), of: f.transferred, minus: true },
      { says: say('writtenOff'), of: f.writtenOff, minus: true },
    ],
    makes: { column: 'open', of: f.open },
    each: f.ties === true,
  },
];

const exported = () => [
  { field: 'occurredOn', head: say('occurred') },
  { field: 'charge', head: say('charge') },
  { field: 'center', head: say('center') },
  { field: 'project', head: say('project') },
  { field: 'room', head: say('room') },
  { field: 'owner', head: say('owner') },
  { field: 'ticket', head: say('ticket') },
  { field: 'service', head: say('what') },
  { field: 'posted', head: say('posted') },
  { field: 'dueOn', head: say('due') },
  { field: 'gross', head: say('gross') },
  { field: 'paid', head: say('paid') },
  { field: 'credited', head: say('credited') },
  { field: 'transferred', head: say('transferred') },
  { field: 'writtenOff', head: say('writtenOff') },
  { field: 'open', head: say('stillOpen') },
];

const columns = (to: (path: string) => string, places: Places, center: string): Column<Row>[] => [
  { key: 'day', head: say('occurred'), kind: 'day', sort: 'occurredOn', value: (r) => r.occurredOn },
  { key: 'charge', head: say('charge'), kind: 'tight', cell: (r) => <Link href={to(`/charges/${r.center}/${r.charge}`)}>{r.charge}</Link> },
  ...(center ? [] : [{ key: 'center', head: say('center'), kind: 'tight', wide: true, cell: (r) => <Link href={to(`/centers/${r.center}`)} title={places.center(r.center)}>{r.center}</Link> } satisfies Column<Row>]),
  { key: 'where', head: say('where'), value: (r) => [r.project && places.project(r.project), r.room].filter(Boolean).join(' ') },
  { key: 'owner', head: say('owner'), wide: true, value: (r) => r.owner },
  {
    key: 'what',
    head: say('what'),
    cell: (r) => (
      <>
        <Numbers in={r.service} /> {r.late && <Badge tone="watch">{say('late')}</Badge>}
        {r.executedBeforeApproval && <Badge tone="watch">{say('doneBefore')}</Badge>}
        {r.possibleDuplicateOf && <Badge tone="watch">{say('doubles')}</Badge>}
      </>
    ),
  },
  { key: 'posted', head: say('posted'), kind: 'day', wide: true, value: (r) => r.posted },
  { key: 'due', head: say('due'), kind: 'day', sort: 'dueOn', value: (r) => r.dueOn },
  { key: 'gross', head: say('gross'), kind: 'money', sort: 'gross', lead: true, value: (r) => r.gross },
  { key: 'paid', head: say('paid'), kind: 'money', wide: true, value: (r) => r.paid },
  { key: 'credited', head: say('credited'), kind: 'money', wide: true, value: (r) => r.credited },
  { key: 'open', head: say('stillOpen'), kind: 'money', sort: 'open', value: (r) => r.open },
];
