import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Chips, Money } from '@/kit/Basics';
import { plusQuarters, quarterName, quarterOf } from '@/kit/dates';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, money, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { usePlaces } from '@/kit/places';
import { Answered, Empty } from '@/kit/States';
import { Table } from '@/kit/Table';
import { person } from '@/kit/Trail';
import { useRows } from '@/kit/view';
import { headed, within } from '@/kit/words';
import { say } from './say';

/** The postings of one account of the chart. */
export default function LedgerAccount() {
  const { account = '' } = useParams<{ account: string }>();
  const { cut, get, set, to } = useAddress();
  const places = usePlaces();
  const [center, region, quarter, through] = [get('center'), get('region'), get('quarter'), get('through')];
  const query = { ...(center && { center }), ...(region && { region }), ...(quarter && { quarter }), ...(through && { through }) };
  const { rows, first, of, more } = useRows('/v1/trial-balance/{account}', { path: { account }, query });
  const now = quarterOf(asOfDay(cut));
  // A period goes on from the balance before its first posting.
  const opening = rows[0] ? fen(rows[0].balanceAfter) - fen(rows[0].amount) : 0n;
  const closing = opening + fen(first?.balance ?? '0');
  const side = (of: bigint) => (of === 0n ? '' : within(say(of > 0n ? 'debit' : 'credit')));
  const sums = first && { n: count(first.count), debits: money(first.debits), credits: money(first.credits), balance: `${side(closing)} ${money(closing < 0n ? -closing : closing)}`.trim() };
  const period = quarter && (quarter === through || !through) ? quarterName(quarter) : [quarter, through].filter(Boolean).join('–');
  return (
    <Page
      of={of}
      title={[account, nameOf('books.LedgerAccount', account) || (first?.name ?? '')].filter((t, i, all) => all.indexOf(t) === i).join(' ')}
      finding={sums && headed(period, quarter ? say('ledgerPeriod', { ...sums, opening: `${side(opening)} ${money(opening < 0n ? -opening : opening)}`.trim() }) : say('ledgerFinding', sums))}
      help={say('ledgerHelp')}
      crumbs={[{ label: say('trialBalance'), to: to('/trial-balance') }, { label: account }]}
      filters={
        <Chips
          label={say('quarter')}
          value={quarter}
          onChoose={(v) => set({ quarter: v, through: v, foots: '', of: '' })}
          choices={[{ value: '', label: say('all') }, ...[3, 2, 1, 0].map((n) => ({ value: plusQuarters(now, -n), label: plusQuarters(now, -n) }))]}
        />
      }
      actions={
        <>
          <ExportButton
            view="/v1/trial-balance/{account}"
            path={{ account }}
            query={query}
            title={`${say('trialBalance')} ${account}`}
            columns={[{ field: 'on', head: say('day') }, { field: 'event', head: say('what') }, { field: 'room', head: say('room') }, { field: 'service', head: say('service') }, { field: 'payer', head: say('payer') }, { field: 'center', head: say('center') }, { field: 'project', head: say('project') }, { field: 'charge', head: say('charge') }, { field: 'payment', head: say('payment') }, { field: 'return', head: say('processSheet') }, { field: 'amount', head: say('gross') }, { field: 'balanceAfter', head: say('balanceOf') }, { field: 'recordedAt', head: say('recorded') }, { field: 'actor', head: say('by') }]}
          />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={20}>
        {(first) =>
          rows.length ? (
            <Table
              label={account}
              rows={rows}
              id={(p) => `${p.position}/${p.line}`}
              count={first.count}
              more={more}
              columns={[
                { key: 'on', head: say('day'), kind: 'day', value: (p) => p.on },
                { key: 'event', head: say('what'), cell: (p) => <>{nameOf('names.Event', p.event)} <span className="soft">{[p.room, p.service, p.charge ? '' : p.payer].filter(Boolean).join(' ')}</span></> },
                { key: 'where', head: say('center'), kind: 'name', cell: (p) => (p.center ? <Link href={to(`/centers/${p.center}`)}>{places.center(p.center)}</Link> : p.project && places.project(p.project)) },
                {
                  key: 'document',
                  head: say('document'),
                  kind: 'tight',
                  cell: (p) =>
                    p.charge && p.center ? (
                      <Link href={to(`/charges/${p.center}/${p.charge}`, { event: String(p.position) })}>{p.charge}</Link>
                    ) : p.payment && p.center ? (
                      <Link href={to(`/payments/${p.center}/${encodeURIComponent(p.payment)}`)}>{p.payment}</Link>
                    ) : p.return ? (
                      <Link href={to(`/repairs/${encodeURIComponent(p.return)}`)}>{p.return}</Link>
                    ) : null,
                },
                { key: 'who', head: say('by'), wide: true, value: (p) => person(p) },
                { key: 'debit', head: say('debit'), kind: 'money', lead: true, value: (p) => (fen(p.amount) > 0n ? p.amount : '0') },
                { key: 'credit', head: say('credit'), kind: 'money', lead: true, value: (p) => (fen(p.amount) < 0n ? yuan(-fen(p.amount)) : '0') },
                {
                  key: 'balance',
                  head: say('balanceOf'),
                  kind: 'money',
                  cell: (p) => {
                    const after = fen(p.balanceAfter);
                    return <><span className="soft">{side(after)}</span> <Money of={after < 0n ? -after : after} zero /></>;
                  },
                },
              ]}
              totals={{ label: say('total'), cells: { debit: <Money of={first.debits} />, credit: <Money of={first.credits} /> } }}
              proofs={[
                {
                  terms: [...(quarter ? [{ says: say('opening'), of: opening }] : []), { column: 'debit', of: first.debits }, { column: 'credit', of: first.credits, minus: true }],
                  makes: { says: say('closing'), of: closing },
                  // The balance after the last posting is the server's own sum.
                  each: more.has || fen(rows.at(-1)?.balanceAfter ?? '0') === closing,
                },
              ]}
              foot={<DrillProof sum={first.balance} />}
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
