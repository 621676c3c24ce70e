import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Money } from '@/kit/Basics';
import { moment } from '@/kit/dates';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { person } from '@/kit/Trail';
import { useRows, type RowOf } from '@/kit/view';
import { say } from './say';

type Row = RowOf<'/v1/payments/conflicts'>;

/** Receipts that were not booked, for their reference is known with other content. */
export default function Conflicts() {
  const { get, to } = useAddress();
  const sorted = get('sort');
  const query = sorted ? { sort: sorted as 'amount' } : {};
  const q = useRows('/v1/payments/conflicts', { query });
  return (
    <Page
      of={q.of}
      title={say('conflictsTitle')}
      finding={q.first && say('conflictsFinding', { n: count(q.first.count), sum: money(q.first.total) })}
      help={say('conflictsHelp')}
      crumbs={[{ label: say('payments'), to: to('/payments') }, { label: say('conflicts') }]}
      actions={
        <>
          <ExportButton view="/v1/payments/conflicts" query={query} title={say('conflictsTitle')} columns={['receivedOn', 'center', 'payer', 'bankReference', 'claimedBy', 'bookedOn', 'booked', 'amount'].map((field) => ({ field, head: heads()[field] ?? field }))} />
          <PrintButton />
        </>
      }
    >
      <Answered of={q.of}>
        {(f) =>
          q.rows.length ? (
            <Table
              label={say('conflictsTitle')}
              columns={columns(to)}
              rows={q.rows}
              id={(r) => String(r.position)}
              more={q.more}
              count={f.count}
              totals={{ label: say('total'), cells: { amount: <Money of={f.total} /> } }}
              proofs={[{ says: say('proofConflicts', { sum: money(f.booked) }), holds: f.ties && fen(f.booked) === 0n, of: [f.total, f.booked] }]}
              basis
            />
          ) : (
            <Empty />
          )
        }
      </Answered>
    </Page>
  );
}

const heads = (): Record<string, string> => ({ receivedOn: say('day'), center: say('center'), payer: say('payer'), bankReference: say('reference'), claimedBy: say('claimedBy'), bookedOn: say('bookedOn'), booked: say('booked'), amount: say('amount') });

const columns = (to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'day', head: say('day'), kind: 'day', sort: 'receivedOn', value: (r) => r.receivedOn },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  { key: 'payer', head: say('payer'), cell: (r) => <span>{r.payer} <span className="soft">{r.remark}</span></span> },
  { key: 'recorded', head: say('recorded'), wide: true, cell: (r) => <span className="soft">{moment(r.recordedAt)} {person(r)}</span> },
  {
    key: 'reference',
    head: say('reference'),
    kind: 'tight',
    lead: true,
    // The payment that was booked under the reference; it may have another number of its own.
    cell: (r) => (
      <>
        <Link href={to(`/payments/${r.center}/${encodeURIComponent(r.claimedBy)}`)}>{r.bankReference}</Link>
        {r.claimedBy !== r.bankReference && <span className="soft"> {say('claimedBy')} {r.claimedBy}</span>}
      </>
    ),
  },
  { key: 'bookedOn', head: say('bookedOn'), kind: 'tight', value: (r) => r.bookedOn ?? say('notKnown') },
  { key: 'booked', head: say('booked'), kind: 'money', cell: (r) => (r.booked ? <Money of={r.booked} /> : <span className="soft">{say('notKnown')}</span>) },
  { key: 'amount', head: say('amount'), kind: 'money', sort: 'amount', lead: true, value: (r) => r.amount },
  { key: 'differs', head: say('differs'), kind: 'money', cell: (r) => r.booked && <Money of={fen(r.amount) - fen(r.booked)} tone="late" /> },
];
