import type { ReactNode } from 'react';
import type { Freshness } from '@/api/client';
import { asOfDay, useAddress } from '@/kit/address';
import { Proof } from '@/kit/Basics';
import { plusQuarters, quarterOf } from '@/kit/dates';
import { count, fen } from '@/kit/fen';
import { useBasis } from '@/kit/fresh';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { forbidden, type Standing } from '@/kit/reading';
import { Failure } from '@/kit/States';
import { Table } from '@/kit/Table';
import { useView } from '@/kit/view';
import { useReadModel } from '@/shell/live';
import { Verify } from './trust/Verify';
import { say } from './say';

interface Check {
  key: string;
  says: string;
  by: ReactNode;
  /** What it is found from. */
  of: readonly Standing[];
  /** undefined: the figures could not be read, or are not here yet. */
  holds: boolean | undefined;
}

/** What was not checked: being read, or not to be read. */
const Unread = ({ of }: { of: readonly Standing[] }) => (of.some((q) => q.error) ? <span className="late">{say('unasked')}</span> : <span className="soft" aria-busy="true">{say('reads')}</span>);

/** Each invariant, what checks it, and what was found at this cut. */
export default function Trust() {
  const { cut } = useAddress();
  const now = quarterOf(asOfDay(cut));
  const receivables = useView('/v1/receivables', { query: { limit: 1000 } });
  const trial = useView('/v1/trial-balance');
  const charges = useView('/v1/charges', { query: { limit: 1000 } });
  const payments = useView('/v1/payments', { query: { limit: 1000 } });
  const statements = useView('/v1/statements', { query: { limit: 1000 } });
  const earliest = useView('/v1/charges', { query: { sort: 'occurredOn', limit: 1 } });
  const begun = earliest.data?.rows?.[0]?.posted ?? now;
  const first = begun > plusQuarters(now, -19) ? begun : plusQuarters(now, -19);
  const quarters = useView('/v1/reconciliation', { query: { quarter: first > now ? now : first, through: now, limit: 1000 }, when: earliest.data !== undefined });
  const basis = useBasis();
  const told = useReadModel();
  const upToDate = (m: Freshness) => m.state === 'live' && m.lagEvents === 0;
  const r = receivables.data;
  const rows = (n: number | undefined) => n !== undefined && say('byRows', { n: count(n) });
  const booked = trial.data?.rows?.filter((a) => a.account?.startsWith('1122')).reduce((t, a) => t + fen(a.closing), 0n);
  const checks: Check[] = [
    { key: 'postings', says: say('invPostings'), by: say('byBooks'), holds: r && fen(r.postingsSum) === 0n, of: [receivables] },
    { key: 'trial', says: say('invTrial'), by: say('byBooks'), holds: trial.data && trial.data.ties && fen(trial.data.total.debits) === fen(trial.data.total.credits), of: [trial] },
    { key: 'receivables', says: say('invReceivables'), by: say('byAccounts'), holds: r && booked !== undefined ? r.ties && booked === fen(r.total.open) : undefined, of: [receivables, trial] },
    { key: 'accounts', says: say('invAccounts'), by: rows(r?.rows?.length), holds: r && (r.rows ?? []).every((c) => c.ties), of: [receivables] },
    { key: 'charges', says: say('invCharges'), by: rows(charges.data?.count), holds: charges.data?.ties ?? undefined, of: [charges] },
    { key: 'payments', says: say('invPayments'), by: rows(payments.data?.rows?.length), holds: payments.data?.ties, of: [payments] },
    { key: 'statements', says: say('invStatements'), by: rows(statements.data?.rows?.length), holds: statements.data && (statements.data.rows ?? []).every((s) => s.ties), of: [statements] },
    { key: 'reconciliation', says: say('invReconciliation'), by: rows(quarters.data?.rows?.length), holds: quarters.data && (quarters.data.rows ?? []).every((q) => q.ties), of: [earliest, quarters] },
    { key: 'fresh', says: say('invFresh'), by: say('byProjector'), holds: basis && upToDate(basis.readModel) && (!told || upToDate(told)), of: [receivables] },
  ];
  const asked = [receivables, trial, charges, payments, statements, earliest, quarters];
  const failed = asked.find((q) => q.error);
  const refused = asked.find((q) => forbidden(q.error));
  if (refused) return <Page of={asked} title={say('trust')} help={say('trustHelp')}><Failure of={refused.error} /></Page>;
  return (
    <Page of={asked} title={say('trust')} finding={say('trustFinding', { n: checks.length, ok: checks.filter((c) => c.holds).length })} help={say('trustHelp')}>
      <div className="beside">
        <div className="stack">
        {failed && <Failure of={failed.error} again={() => asked.forEach((q) => void (q.error && q.refetch()))} />}
        <Table
          label={say('trust')}
          rows={checks}
          id={(c) => c.key}
          columns={[
            { key: 'says', head: say('invariant'), value: (c) => c.says },
            { key: 'by', head: say('checkedBy'), cell: (c) => <span className="soft">{c.by}</span> },
            { key: 'holds', head: say('result'), kind: 'tight', cell: (c) => (c.holds === undefined ? <Unread of={c.of} /> : <Proof holds={c.holds}>{c.holds ? say('holdsNow') : say('broken')}</Proof>) },
          ]}
          basis
        />
        </div>
        <div className="side">
          <Verify />
          <Panel title={say('notChecked')}>
            <ul className="points">
              <li>{say('notChain')}</li>
              <li>{say('notPaper')}</li>
              <li>{say('notBank')}</li>
            </ul>
          </Panel>
        </div>
      </div>
    </Page>
  );
}
