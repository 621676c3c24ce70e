import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Money } from '@/kit/Basics';
import { longDay, moment } from '@/kit/dates';
import { DrillProof } from '@/kit/Drill';
import { fen, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Facts, Panel, Sums } from '@/kit/Panel';
import { usePlaces } from '@/kit/places';
import { Answered } from '@/kit/States';
import { Table } from '@/kit/Table';
import { RecordLife } from '@/kit/Record';
import { person } from '@/kit/Trail';
import { useView } from '@/kit/view';
import { Acts } from './payments/Acts';
import { say } from './say';

/** One payment, from the bank to the charges that it settled: the way back stays after matching. */
export default function Payment() {
  const { center = '', payment = '' } = useParams<{ center: string; payment: string }>();
  const { to } = useAddress();
  const q = useView('/v1/centers/{center}/payments/{payment}', { path: { center, payment: decodeURIComponent(payment) } });
  const places = usePlaces();
  const p = q.data?.payment;
  return (
    <Page
      of={q}
      title={p?.payer || decodeURIComponent(payment)}
      finding={p && say('paymentFinding', { amount: money(p.amount), day: longDay(p.receivedOn), applied: money(p.applied), unapplied: money(p.unapplied) })}
      help={say('paymentHelp')}
      crumbs={[{ label: say('receipts'), to: to('/payments') }, { label: places.center(center), to: to(`/centers/${center}`, { view: 'payments' }) }, { label: decodeURIComponent(payment) }]}
    >
      <Answered of={q}>
        {({ payment: p, uses }) => (
          <div className="beside">
            <div className="stack">
            <Table
              label={say('uses')}
              rows={uses ?? []}
              id={(u) => `${u.position}/${u.line}`}
              columns={[
                { key: 'on', head: say('day'), kind: 'day', value: (u) => u.on },
                { key: 'event', head: say('what'), kind: 'name', value: (u) => nameOf('names.Event', u.event) },
                { key: 'charge', head: say('charge'), kind: 'tight', lead: true, cell: (u) => u.charge && <Link href={to(`/charges/${center}/${u.charge}`)}>{u.charge}</Link> },
                { key: 'about', head: say('about'), value: (u) => [u.room, u.service].filter(Boolean).join(' ') },
                { key: 'due', head: say('due'), kind: 'day', wide: 'desk', value: (u) => u.chargeDueOn },
                { key: 'cause', head: say('cause'), kind: 'name', wide: true, value: (u) => (u.cause ? nameOf(u.event === 'PaymentAllocated' ? 'account.AllocationRule' : 'account.ReversalCause', u.cause) : '') },
                { key: 'who', head: say('by'), wide: true, value: (u) => person(u) },
                { key: 'amount', head: say('gross'), kind: 'money', value: (u) => u.amount },
              ]}
              totals={{ label: say('total'), cells: { amount: <Money of={sum((uses ?? []).map((u) => u.amount))} /> } }}
              proofs={[{ says: say('proofUses', { sum: money(p.applied) }), holds: q.data?.ties ?? false, of: [p.applied], columns: ['amount'] }]}
              basis
            />
            <RecordLife streams={[`account-${center}`]} names={p.payment} />
            </div>
            <div className="side acts-first">
              {q.data && <Acts of={q.data} />}
              <Panel title={say('facts')}>
                <Facts
                  of={[
                    { name: say('bankReference'), is: p.bankReference },
                    { name: say('payer'), is: p.payer },
                    { name: say('remark'), is: p.remark },
                    { name: say('ownAccount'), is: p.ownAccount },
                    { name: say('day'), is: p.receivedOn },
                    { name: say('recordedBy'), is: `${moment(p.recordedAt)} ${person(p)}` },
                  ]}
                />
              </Panel>
              <Panel title={say('balance')} foot={<DrillProof sum={p.unapplied} />}>
                <Sums
                  rows={[
                    { label: say('receipts'), value: money(p.amount) },
                    { label: say('applied'), value: money(-fen(p.applied)) },
                    { label: say('returned'), value: money(-fen(p.returned)) },
                    { label: say('unapplied'), value: money(p.unapplied), total: true },
                  ]}
                />
              </Panel>
            </div>
          </div>
        )}
      </Answered>
    </Page>
  );
}
