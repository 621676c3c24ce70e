import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Money } from '@/kit/Basics';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, money, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table } from '@/kit/Table';
import { person } from '@/kit/Trail';
import { useRows } from '@/kit/view';
import { say } from './say';

/** The postings of one account of the chart. */
export default function LedgerAccount() {
  const { account = '' } = useParams<{ account: string }>();
  const { get, to } = useAddress();
  const [center, region, quarter, through] = [get('center'), get('region'), get('quarter'), get('through')];
  const query = { ...(center && { center }), ...(region && { region }), ...(quarter && { quarter }), ...(through && { through }) };
  const { rows, first, of, more } = useRows('/v1/trial-balance/{account}', { path: { account }, query });
  return (
    <Page
      of={of}
      title={`${account} ${first ? nameOf('books.LedgerAccount', account) || first.name : ''}`}
      finding={first && say('ledgerFinding', { n: count(first.count), debits: money(first.debits), credits: money(first.credits), balance: money(first.balance) })}
      help={say('ledgerHelp')}
      crumbs={[{ label: say('trialBalance'), to: to('/trial-balance') }, { label: account }]}
      actions={
        <>
          <ExportButton
            view="/v1/trial-balance/{account}"
            path={{ account }}
            query={query}
            title={`${say('trialBalance')} ${account}`}
            columns={[{ field: 'on', head: say('day') }, { field: 'event', head: say('what') }, { field: 'center', head: say('center') }, { field: 'project', head: say('project') }, { field: 'charge', head: say('charge') }, { field: 'payment', head: say('payment') }, { field: 'return', head: say('processSheet') }, { field: 'amount', head: say('gross') }, { field: 'recordedAt', head: say('recorded') }, { field: 'actor', head: say('by') }]}
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
                { key: 'event', head: say('what'), value: (p) => nameOf('names.Event', p.event) },
                { key: 'where', head: say('center'), kind: 'tight', cell: (p) => (p.center ? <Link href={to(`/centers/${p.center}`)}>{p.center}</Link> : p.project) },
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
              ]}
              totals={{ label: say('total'), cells: { debit: <Money of={first.debits} />, credit: <Money of={first.credits} /> } }}
              proofs={[{ terms: [{ column: 'debit', of: first.debits }, { column: 'credit', of: first.credits, minus: true }], makes: { says: say('balanceOf'), of: first.balance } }]}
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
