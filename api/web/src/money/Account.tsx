import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money } from '@/kit/Basics';
import { AgeMark, AgeingBar, ageName, ages, overdue } from '@/kit/Bars';
import { plusQuarters, quarterOf } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { Drill, DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { fen, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel, Sums } from '@/kit/Panel';
import { usePlaces } from '@/kit/places';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, useView } from '@/kit/view';
import { Life } from './account/Life';
import { say as sayLife } from './account/say';
import { useSession } from '@/shell/session';
import { Breakdown, BreakdownExport } from './Breakdown';
import { Charging } from './charging/Charging';
import { FileCompensation, QuoteCompensation } from './corrections/Compensation';
import { Move } from './charging/Move';
import { say as sayCharging } from './charging/say';
import { Receive } from './payments/Receive';
import { say as sayPayments } from './payments/say';
import { say } from './say';

/** How many quarters are shown at most. */
const quarters = 20;

type Act = 'receive' | 'charge' | 'quote' | 'sheet' | 'move';

/** What is done to an account here, and by whom. */
const acts: readonly { act: Act; says: () => string; who: readonly string[] }[] = [
  { act: 'receive', says: () => sayPayments('receive'), who: ['finance'] },
  { act: 'charge', says: () => sayCharging('charge'), who: ['technician', 'city-lead', 'regional-admin'] },
  { act: 'quote', says: () => sayCharging('quote'), who: ['hq-affairs-supervisor'] },
  { act: 'sheet', says: () => sayCharging('sheet'), who: ['city-lead'] },
  { act: 'move', says: () => sayCharging('move'), who: ['regional-admin', 'department-manager'] },
];

/** A center's account: quarter by quarter, each leading to its statement and charges; its money; what is open of it. */
export default function Account() {
  const { center = '' } = useParams<{ center: string }>();
  const { get, set, to } = useAddress();
  const view = get('view') || 'quarters';
  const owed = useView('/v1/receivables', { query: { center } });
  const row = owed.data?.rows?.[0];
  const [doing, act] = useState<Act>();
  const role = useSession()?.role ?? '';
  const close = () => act(undefined);
  const places = usePlaces();
  const name = row?.name || places.center(center);
  const region = row?.region || places.region(center);
  return (
    <Page
      of={owed}
      title={name}
      finding={row && (fen(row.closing) === 0n ? say('accountClear') : overdue(row.ageing) === 0n ? say('accountOwesNoneLate', { sum: money(row.closing) }) : say('accountOwes', { sum: money(row.closing), late: money(overdue(row.ageing)) }))}
      help={say('accountHelp')}
      crumbs={[
        { label: say('receivables'), to: to('/receivables') },
        ...(region ? [{ label: region, to: to('/receivables', { region }) }] : []),
        { label: center },
      ]}
      filters={
        <Chips
          at="view"
          label={say('view')}
          value={view}
          onChoose={(v) => set({ view: v === 'quarters' ? '' : v, sort: '' })}
          choices={[
            { value: 'quarters', label: say('byQuarter') },
            { value: 'life', label: sayLife('life') },
            { value: 'payments', label: say('receipts') },
            { value: 'project', label: say('byProject') },
            { value: 'kind', label: say('byKind') },
          ]}
        />
      }
      actions={
        <>
          {row && acts.filter((a) => a.who.includes(role)).map((a) => <Button key={a.act} onClick={() => act(a.act)}>{a.says()}</Button>)}
          <Exported view={view} center={center} />
          <PrintButton />
        </>
      }
    >
      {row && doing === 'receive' && <Receive center={center} name={name} close={close} />}
      {row && doing === 'charge' && <Charging center={center} name={name} close={close} />}
      {row && doing === 'quote' && (
        <Dialog open wide onClose={close} title={sayCharging('quoteTitle', { center: name })}>
          <QuoteCompensation of={{ center, project: '', room: '', owner: '', ticket: '' }} close={close} />
        </Dialog>
      )}
      {row && doing === 'sheet' && (
        <Dialog open wide onClose={close} title={sayCharging('sheetTitle', { center: name })}>
          <FileCompensation center={center} ticket="" close={close} />
        </Dialog>
      )}
      {row && doing === 'move' && <Move center={center} name={name} close={close} />}
      <Answered of={owed}>
        {(data) => {
          const r = data.rows?.[0];
          if (!r) return <Empty />;
          return (
            <div className="beside">
              {view === 'life' ? <Life center={center} closing={r.closing} /> : view === 'payments' ? <Payments center={center} /> : view === 'quarters' ? <Quarters center={center} closing={r.closing} /> : <Breakdown by={view === 'kind' ? 'kind' : 'project'} center={center} />}
              <div className="side">
                <Panel title={say('closing')} foot={<DrillProof sum={r.closing} />}>
                  <Sums
                    rows={[
                      { label: say('charged'), value: money(r.charged) },
                      ...(fen(r.transfersIn) ? [{ label: say('movedHere'), value: money(r.transfersIn) }] : []),
                      { label: say('paid'), value: money(-fen(r.paid)) },
                      { label: say('credited'), value: money(-fen(r.credited)) },
                      ...(fen(r.transfersOut) ? [{ label: say('transferred'), value: money(-fen(r.transfersOut)) }] : []),
                      ...(fen(r.writtenOff) ? [{ label: say('writtenOffShort'), value: money(-fen(r.writtenOff)) }] : []),
                      {
                        label: (
                          <Drill to="/charges" params={{ center, open: '1' }} sum={r.open} what={say('open')}>
                            {say('open')}
                          </Drill>
                        ),
                        value: money(r.open),
                        total: true,
                      },
                      { label: say('unapplied'), value: money(-fen(r.unapplied)) },
                      { label: say('writtenOff'), value: money(r.writtenOff) },
                      { label: say('closing'), value: money(r.closing), total: true },
                    ]}
                  />
                </Panel>
                <Panel title={say('ageing')}>
                  <AgeingBar of={r.ageing} scale={fen(r.open)} />
                  <Sums rows={[...ages.map((age) => ({ label: <><AgeMark age={age} />{ageName(age)}</>, value: <Money of={r.ageing[age]} tone={age === 'notDue' ? undefined : 'late'} /> })), { label: say('open'), value: money(sum(ages.map((a) => r.ageing[a]))), total: true }]} />
                </Panel>
              </div>
            </div>
          );
        }}
      </Answered>
    </Page>
  );
}

/** The quarters that a center's account is asked for; undefined while the first is not known. */
function useQuarters(center: string) {
  const { cut } = useAddress();
  const day = quarterOf(asOfDay(cut));
  const earliest = useView('/v1/charges', { query: { center, sort: 'occurredOn', limit: 1 } });
  // Several quarters may fall due on one day: what was told of late stands among those that fall due last.
  const latest = useView('/v1/charges', { query: { center, sort: '-dueOn', limit: 200 } });
  // Work that was done by then and told of late is owed by then, and stands in a later quarter.
  const last = (latest.data?.rows ?? []).reduce((q, c) => (c.posted > q ? c.posted : q), day);
  const begun = earliest.data?.rows?.[0]?.posted ?? last;
  const first = begun > plusQuarters(last, 1 - quarters) ? begun : plusQuarters(last, 1 - quarters);
  return { query: { center, quarter: first > last ? last : first, through: last }, known: earliest.data !== undefined && latest.data !== undefined };
}

/** Exports what the view shows. */
function Exported({ view, center }: { view: string; center: string }) {
  const { get } = useAddress();
  const { query } = useQuarters(center);
  const title = (what: string) => `${what} ${center}`;
  switch (view) {
    case 'life':
      return (
        <ExportButton
          view="/v1/centers/{center}/account"
          path={{ center }}
          query={get('moved') ? { moved: true } : {}}
          title={title(sayLife('life'))}
          columns={[
            { field: 'on', head: say('day') },
            { field: 'event', head: say('what') },
            { field: 'document', head: say('document') },
            { field: 'charge', head: say('charge') },
            { field: 'change', head: sayLife('change') },
            { field: 'balance', head: say('closing') },
            { field: 'byName', head: say('by') },
          ]}
        />
      );
    case 'payments':
      return (
        <ExportButton
          view="/v1/payments"
          query={{ center }}
          title={title(say('receipts'))}
          columns={[
            { field: 'receivedOn', head: say('day') },
            { field: 'payment', head: say('payment') },
            { field: 'bankReference', head: say('bankReference') },
            { field: 'payer', head: say('payer') },
            { field: 'remark', head: say('remark') },
            { field: 'amount', head: say('gross') },
            { field: 'applied', head: say('applied') },
            { field: 'returned', head: say('returned') },
            { field: 'unapplied', head: say('unapplied') },
          ]}
        />
      );
    case 'project':
    case 'kind':
      return <BreakdownExport by={view} center={center} />;
  }
  return (
    <ExportButton
      view="/v1/reconciliation"
      query={query}
      title={title(say('byQuarter'))}
      columns={[
        { field: 'quarter', head: say('quarter') },
        { field: 'opening', head: say('opening') },
        { field: 'charges', head: say('charges') },
        { field: 'late', head: say('late') },
        { field: 'transfersIn', head: say('movedHere') },
        { field: 'transfersOut', head: say('transferred') },
        { field: 'credits', head: say('credited') },
        { field: 'receipts', head: say('receipts') },
        { field: 'reversals', head: say('reversals') },
        { field: 'closing', head: say('closing') },
      ]}
    />
  );
}

function Quarters({ center, closing }: { center: string; closing: string }) {
  const { to } = useAddress();
  const { query, known } = useQuarters(center);
  const q = useView('/v1/reconciliation', { query, when: known });
  const statements = useView('/v1/statements', { query: { center, limit: 1000 } });
  const statement = (quarter: string) => statements.data?.rows?.find((s) => s.quarter === quarter);
  return (
    <Answered of={q} rows={6}>
      {(data) => {
        const rows = [...(data.rows ?? [])].filter((r) => [r.opening, r.closing, r.charges, r.late, r.receipts, r.transfersIn].some((a) => fen(a) !== 0n)).sort((a, b) => (a.quarter < b.quarter ? 1 : -1));
        if (!rows.length) return <Empty />;
        // What moved in some quarter has its column on every screen, so that each row comes to its closing.
        const moved = (of: (r: (typeof rows)[number]) => string) => rows.some((r) => fen(of(r)) !== 0n);
        return (
          <Table
            label={say('byQuarter')}
            rows={rows}
            id={(r) => r.quarter}
            open={(r) => to(`/centers/${center}/statements/${r.quarter}`)}
            columns={[
              { key: 'quarter', head: say('quarter'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${center}/statements/${r.quarter}`)}>{r.quarter}</Link> },
              { key: 'status', head: say('statement'), kind: 'tight', cell: (r) => (statements.data ? <Badge tone={tones[statement(r.quarter)?.status ?? '']}>{nameOf('account.StatementStatus', statement(r.quarter)?.status ?? 'NOT_ISSUED')}</Badge> : <span className="soft" aria-busy={statements.error ? undefined : true}>{say(statements.error ? 'statementsNotRead' : 'statementsComing')}</span>) },
              { key: 'opening', head: say('opening'), kind: 'money', value: (r) => r.opening },
              { key: 'charges', head: say('charges'), kind: 'money', value: (r) => r.charges, cell: (r) => (fen(r.charges) ? <Drill to="/charges" params={{ center, posted: r.quarter }} sum={r.charges} what={say('charges')}>{money(r.charges)}</Drill> : <Money of={0n} />) },
              { key: 'late', head: say('late'), kind: 'money', value: (r) => r.late, tone: () => 'late' },
              ...(moved((r) => r.transfersIn) ? [{ key: 'in', head: say('movedHere'), kind: 'money', value: (r) => r.transfersIn } satisfies Column<(typeof rows)[number]>] : []),
              ...(moved((r) => r.transfersOut) ? [{ key: 'out', head: say('transferred'), kind: 'money', cell: (r) => <Money of={-fen(r.transfersOut)} /> } satisfies Column<(typeof rows)[number]>] : []),
              { key: 'credits', head: say('credited'), kind: 'money', cell: (r) => <Money of={-fen(r.credits)} /> },
              { key: 'receipts', head: say('receipts'), kind: 'money', cell: (r) => <Money of={-fen(r.receipts)} /> },
              ...(moved((r) => r.reversals) ? [{ key: 'reversals', head: say('reversals'), kind: 'money', value: (r) => r.reversals } satisfies Column<(typeof rows)[number]>] : []),
              { key: 'closing', head: say('closing'), kind: 'money', value: (r) => r.closing },
            ]}
            proofs={[
              { says: say('proofQuarter'), of: rows.flatMap((r) => [r.opening, r.closing]), columns: ['opening', 'charges', 'late', 'in', 'out', 'credits', 'receipts', 'reversals', 'closing'], holds: rows.every((r) => fen(r.opening) + fen(r.charges) + fen(r.late) + fen(r.transfersIn) - fen(r.transfersOut) - fen(r.credits) - fen(r.receipts) + fen(r.reversals) === fen(r.closing)) },
              { says: say('proofChain'), of: rows.flatMap((r) => [r.opening, r.closing]), columns: ['opening', 'closing'], holds: rows.every((r, i) => i === rows.length - 1 || fen(r.opening) === fen(rows[i + 1]?.closing ?? '0')) },
              { says: say('proofLast', { sum: money(closing) }), of: [rows[0]?.closing, closing], columns: ['closing'], holds: fen(rows[0]?.closing ?? '0') === fen(closing) },
            ]}
            basis
          />
        );
      }}
    </Answered>
  );
}

const tones: Record<string, 'good' | 'watch' | 'bad' | 'plain'> = { CONFIRMED: 'good', PARTLY_CONFIRMED: 'bad', ISSUED: 'watch', REOPENED: 'watch' };

function Payments({ center }: { center: string }) {
  const { to } = useAddress();
  const { rows, of, more } = useRows('/v1/payments', { query: { center } });
  return (
    <Answered of={of}>
      {(first) =>
        rows.length ? (
          <Table
            label={say('receipts')}
            rows={rows}
            id={(p) => p.payment}
            open={(p) => to(`/payments/${center}/${encodeURIComponent(p.payment)}`)}
            more={more}
            columns={[
              { key: 'on', head: say('day'), kind: 'day', value: (p) => p.receivedOn },
              { key: 'payment', head: say('payment'), kind: 'tight', cell: (p) => <Link href={to(`/payments/${center}/${encodeURIComponent(p.payment)}`)}>{p.payment}</Link> },
              { key: 'payer', head: say('payer'), value: (p) => p.payer },
              { key: 'remark', head: say('remark'), wide: true, value: (p) => p.remark },
              { key: 'amount', head: say('gross'), kind: 'money', lead: true, value: (p) => p.amount },
              { key: 'applied', head: say('applied'), kind: 'money', value: (p) => p.applied },
              { key: 'returned', head: say('returned'), kind: 'money', wide: true, value: (p) => p.returned },
              { key: 'unapplied', head: say('unapplied'), kind: 'money', value: (p) => p.unapplied, tone: () => 'late' },
            ]}
            totals={{ label: say('total'), cells: { amount: <Money of={first.received} />, applied: <Money of={first.applied} />, returned: <Money of={first.returned} />, unapplied: <Money of={first.unapplied} tone="late" /> } }}
            proofs={[{ terms: [{ column: 'amount', of: first.received }, { column: 'applied', of: first.applied, minus: true }, { column: 'returned', of: first.returned, minus: true }], makes: { column: 'unapplied', of: first.unapplied } }]}
            basis
          />
        ) : (
          <Empty />
        )
      }
    </Answered>
  );
}
