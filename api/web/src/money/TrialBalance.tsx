import { Link } from 'wouter';
import { asOfDay, useAddress } from '@/kit/address';
import { Chips, Money } from '@/kit/Basics';
import { plusQuarters, quarterName, quarterOf } from '@/kit/dates';
import { Drill } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { fen, money, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table } from '@/kit/Table';
import { useView, type Answer } from '@/kit/view';
import { nameOf } from '@/api/names';
import { headed } from '@/kit/words';
import { say } from './say';

type Row = NonNullable<Answer<'/v1/trial-balance'>['rows']>[number];

/** A balance on the side of the debits, or none there. */
const owing = (balance: string) => (fen(balance) > 0n ? fen(balance) : 0n);
/** A balance on the side of the credits, or none there. */
const owed = (balance: string) => (fen(balance) < 0n ? -fen(balance) : 0n);

/** What was booked on every account of the chart; each opens its postings. */
export default function TrialBalance() {
  const { cut, get, set, to } = useAddress();
  const now = quarterOf(asOfDay(cut));
  const quarter = get('quarter') || now;
  const query = { quarter, through: quarter };
  const q = useView('/v1/trial-balance', { query });
  const t = q.data?.total;
  const off = t && fen(t.debits) - fen(t.credits);
  return (
    <Page
      of={q}
      title={say('trialBalance')}
      finding={t && headed(quarterName(quarter), off === 0n ? say('trialFinding', { sum: money(t.debits) }) : say('trialFindingOff', { by: money(off ?? 0n) }))}
      help={say('trialHelp')}
      filters={<Chips label={say('quarter')} value={quarter} onChoose={(v) => set({ quarter: v === now ? '' : v })} choices={[3, 2, 1, 0].map((n) => ({ value: plusQuarters(now, -n), label: plusQuarters(now, -n) }))} />}
      actions={
        <>
          <ExportButton view="/v1/trial-balance" query={query} title={say('trialBalance')} columns={[{ field: 'account', head: say('account') }, { field: 'name', head: say('name') }, { field: 'opening', head: say('opening') }, { field: 'debits', head: say('debits') }, { field: 'credits', head: say('credits') }, { field: 'closing', head: say('closing') }]} />
          <PrintButton />
        </>
      }
    >
      <Answered of={q} rows={22}>
        {(data) => {
          const rows = data.rows ?? [];
          if (!rows.length) return <Empty />;
          const total = (of: (r: Row) => bigint) => <Money of={rows.reduce((t, r) => t + of(r), 0n)} />;
          const closing = (r: Row, amount: bigint) =>
            amount === 0n ? (
              <Money of={0n} />
            ) : (
              <Drill to={`/trial-balance/${r.account}`} params={{ through: quarter === now ? undefined : quarter }} sum={r.closing} what={say('closing')}>
                {money(amount)}
              </Drill>
            );
          return (
            <Table
              label={say('trialBalance')}
              rows={rows}
              id={(r) => r.account ?? ''}
              open={(r) => to(`/trial-balance/${r.account}`)}
              columns={[
                { key: 'account', head: say('account'), kind: 'tight', cell: (r) => <Link href={to(`/trial-balance/${r.account}`)}>{r.account}</Link> },
                { key: 'name', head: say('name'), kind: 'name', cell: (r) => nameOf('books.LedgerAccount', r.account) || r.name },
                { key: 'openingDebit', head: say('openingDebit'), kind: 'money', value: (r) => yuan(owing(r.opening)) },
                { key: 'openingCredit', head: say('openingCredit'), kind: 'money', value: (r) => yuan(owed(r.opening)) },
                { key: 'debits', head: say('debits'), kind: 'money', value: (r) => r.debits },
                { key: 'credits', head: say('credits'), kind: 'money', value: (r) => r.credits },
                { key: 'closing', head: say('closingDebit'), kind: 'money', lead: true, cell: (r) => closing(r, owing(r.closing)) },
                { key: 'closingCredit', head: say('closingCredit'), kind: 'money', lead: true, cell: (r) => closing(r, owed(r.closing)) },
              ]}
              totals={{ label: say('total'), cells: { openingDebit: total((r) => owing(r.opening)), openingCredit: total((r) => owed(r.opening)), debits: <Money of={data.total.debits} />, credits: <Money of={data.total.credits} />, closing: total((r) => owing(r.closing)), closingCredit: total((r) => owed(r.closing)) } }}
              proofs={[
                { says: say('proofTrial'), of: [data.total.debits, data.total.credits], columns: ['debits', 'credits', 'closing', 'closingCredit'], holds: data.ties && fen(data.total.debits) === fen(data.total.credits) && fen(data.total.closing) === 0n },
                { says: say('proofAccount'), of: rows.flatMap((r) => [r.opening, r.debits, r.credits, r.closing]), columns: ['openingDebit', 'openingCredit', 'debits', 'credits', 'closing', 'closingCredit'], holds: rows.every((r) => fen(r.opening) + fen(r.debits) - fen(r.credits) === fen(r.closing)) },
              ]}
              basis
            />
          );
        }}
      </Answered>
    </Page>
  );
}
