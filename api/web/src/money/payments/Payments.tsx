import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Chips, GoButton, Money } from '@/kit/Basics';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, useView, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { say } from './say';

type Row = RowOf<'/v1/payments'>;

/** Payments with what became of the money. */
export default function Payments() {
  const { get, set, to } = useAddress();
  const unapplied = get('unapplied') === '1';
  const [center, region, sorted] = [get('center'), get('region'), get('sort')];
  const query = { ...(unapplied && { unapplied: true }), ...(center && { center }), ...(region && { region }), sort: (sorted || '-receivedOn') as '-receivedOn' };
  const q = useRows('/v1/payments', { query });
  const waits = useView('/v1/payments', { query: { unapplied: true, limit: 1000, ...(center && { center }), ...(region && { region }) } });
  const role = useSession()?.role;
  const conflicts = ['finance', 'regional-admin', 'department-manager'].includes(role ?? '');
  const first = q.first;
  return (
    <Page
      of={q.of}
      title={unapplied ? say('unappliedTitle') : say('payments')}
      finding={first && say('finding', { received: money(first.received), applied: money(first.applied), returned: money(first.returned), unapplied: money(first.unapplied) })}
      help={say('help')}
      {...((center || region) && { crumbs: [{ label: say('payments'), to: to('/payments') }, { label: center || region }] })}
      filters={
        <>
          <Chips
            at="unapplied"
            label={say('filter')}
            value={unapplied ? '1' : ''}
            onChoose={(v) => set({ unapplied: v })}
            choices={[
              { value: '', label: say('all') },
              { value: '1', label: say('unapplied'), count: waits.data?.rows?.length },
            ]}
          />
          {conflicts && <GoButton to={to('/payments/conflicts')}>{say('conflicts')}</GoButton>}
        </>
      }
      actions={
        <>
          <ExportButton view="/v1/payments" query={query} title={say('payments')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={q.of} rows={14}>
        {(f) =>
          q.rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('payments')}
              columns={columns(to, unapplied && role === 'finance')}
              rows={q.rows}
              id={(r) => r.payment}
              open={(r) => to(`/payments/${r.center}/${encodeURIComponent(r.payment)}`)}
              more={q.more}
              totals={{ label: say('total'), cells: { amount: <Money of={f.received} />, applied: <Money of={f.applied} />, returned: <Money of={f.returned} />, left: <Money of={f.unapplied} tone="late" /> } }}
              proofs={[{ terms: [{ column: 'amount', of: f.received }, { column: 'applied', of: f.applied, minus: true }, { column: 'returned', of: f.returned, minus: true }], makes: { column: 'left', of: f.unapplied }, each: f.ties }]}
              foot={<DrillProof sum={unapplied ? f.unapplied : f.received} />}
              basis
            />
          )
        }
      </Answered>
    </Page>
  );
}

const columns = (to: ReturnType<typeof useAddress>['to'], applies: boolean): Column<Row>[] => [
  { key: 'day', head: say('day'), kind: 'day', sort: 'receivedOn', value: (r) => r.receivedOn },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  {
    key: 'payer',
    head: say('payer'),
    cell: (r) => (
      <span>
        {r.payer} {r.possibleDuplicateOf && <span className="late">{say('duplicate', { payment: r.possibleDuplicateOf })}</span>}
      </span>
    ),
  },
  { key: 'remark', head: say('remark'), wide: true, value: (r) => r.remark },
  { key: 'reference', head: say('reference'), kind: 'tight', lead: true, cell: (r) => <Link href={to(`/payments/${r.center}/${encodeURIComponent(r.payment)}`)}>{r.bankReference}</Link> },
  { key: 'amount', head: say('amount'), kind: 'money', sort: 'amount', lead: true, value: (r) => r.amount },
  { key: 'applied', head: say('applied'), kind: 'money', wide: true, value: (r) => r.applied },
  { key: 'returned', head: say('returned'), kind: 'money', wide: true, value: (r) => r.returned },
  { key: 'left', head: say('left'), kind: 'money', sort: 'unapplied', value: (r) => r.unapplied, tone: () => 'late' },
  ...(applies ? [{ key: 'acts', head: say('acts'), kind: 'tight', cell: (r) => <Link href={to(`/payments/${r.center}/${encodeURIComponent(r.payment)}`)}>{say('toApply')}</Link> } satisfies Column<Row>] : []),
];

const exported = () => [
  { field: 'receivedOn', head: say('day') },
  { field: 'center', head: say('center') },
  { field: 'payer', head: say('payer') },
  { field: 'bankReference', head: say('reference') },
  { field: 'amount', head: say('amount') },
  { field: 'applied', head: say('applied') },
  { field: 'returned', head: say('returned') },
  { field: 'unapplied', head: say('left') },
];
