import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress, asOfDay } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { Steps } from '@/kit/Bars';
import { BatchPanel, useBatch, type Item } from '@/kit/Batch';
import { plusQuarters, quarterName, quarterOf, shortDay } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday, send } from '@/kit/Form';
import { fen, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Sums } from '@/kit/Panel';
import { say as kit } from '@/kit/say';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useView, type Answer } from '@/kit/view';
import { clauses, within } from '@/kit/words';
import { say } from './say';

type Statement = NonNullable<Answer<'/v1/statements'>['rows']>[number];
type Account = NonNullable<Answer<'/v1/reconciliation'>['rows']>[number];

/** A center's quarter: its account, and its statement if one was issued. */
interface Row {
  account: Account;
  statement: Statement | undefined;
  /** What is to be done with it next, and by whom. */
  act: Act;
}
type Act = 'issue' | 'wait' | 'remind' | 'settle' | 'report' | 'done';
const ours: readonly Act[] = ['issue', 'remind', 'settle', 'report'];

/** The quarter that is reconciled on a day: the last that has ended. */
const reconciled = (day: string): string => plusQuarters(quarterOf(day), -1);

function actOf(s: Statement | undefined): Act {
  if (!s || s.status === 'REOPENED') return 'issue';
  if (s.status === 'ISSUED') return s.daysOver ? 'remind' : 'wait';
  if ((s.disputes ?? 0) > (s.resolved ?? 0)) return 'settle';
  return s.reported ? 'done' : 'report';
}

export default function Board() {
  const { get, cut } = useAddress();
  const quarter = get('quarter') || reconciled(asOfDay(cut));
  const region = get('region');
  const narrowed = region ? { region } : {};
  const accounts = useView('/v1/reconciliation', { query: { quarter, limit: 1000, ...narrowed } });
  const statements = useView('/v1/statements', { query: { quarter, limit: 1000, ...narrowed } });
  const both = {
    data: accounts.data && statements.data && { accounts: accounts.data, statements: statements.data },
    error: accounts.error ?? statements.error,
    isPlaceholderData: accounts.isPlaceholderData || statements.isPlaceholderData,
    refetch: () => Promise.all([accounts.refetch(), statements.refetch()]),
  };
  return both.data && !both.error ? (
    <Told quarter={quarter} accounts={both.data.accounts} statements={both.data.statements} stale={both.isPlaceholderData} />
  ) : (
    <Page of={both} title={say('board', { quarter: quarterName(quarter) })} help={say('help')} filters={<Quarters quarter={quarter} />}>
      <Answered of={both} rows={14}>{() => null}</Answered>
    </Page>
  );
}

function Quarters({ quarter }: { quarter: string }) {
  const { set } = useAddress();
  const go = (by: number) => set({ quarter: plusQuarters(quarter, by) });
  return (
    <div className="chips" role="group" aria-label={say('quarter')}>
      <button type="button" className="chip" onClick={() => go(-1)} aria-label={say('earlier')}>‹</button>
      <span>{quarterName(quarter)}</span>
      <button type="button" className="chip" onClick={() => go(1)} aria-label={say('later')}>›</button>
    </div>
  );
}

interface Told {
  quarter: string;
  accounts: Answer<'/v1/reconciliation'>;
  statements: Answer<'/v1/statements'>;
  stale: boolean;
}

function Told({ quarter, accounts, statements, stale }: Told) {
  const { get, set, to } = useAddress();
  const [chosen, choose] = useState<Chosen>(none);
  const [asked, ask] = useState<{ act: Act; rows: Row[] }>();
  const batch = useBatch();
  const rows = useMemo(() => {
    const by = new Map((statements.rows ?? []).filter((s) => s.status !== 'NOT_ISSUED').map((s) => [s.center ?? '', s]));
    return (accounts.rows ?? []).map((account): Row => {
      const statement = by.get(account.center ?? '');
      return { account, statement, act: actOf(statement) };
    });
  }, [accounts, statements]);
  const which = get('show');
  const shown = rows.filter((r) => (which === 'mine' ? ours.includes(r.act) : which === 'theirs' ? r.act === 'wait' || r.act === 'remind' : which === 'disputed' ? r.act === 'settle' : true));
  const picked = chosen.all ? shown : shown.filter((r) => chosen.ids.has(r.account.center ?? ''));
  const acting = (act: Act) => picked.filter((r) => r.act === act);
  const states = new Map<string, number>();
  for (const r of rows) {
    const state = nameOf('account.StatementStatus', r.statement?.status ?? 'NOT_ISSUED');
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  const play = (act: Act, rows: Row[]) => {
    ask(undefined);
    choose(none);
    batch.start(act === 'issue' ? say('didIssue', { quarter: quarterName(quarter) }) : act === 'remind' ? say('didRemind') : say('didReport'), rows.map((r) => itemOf(act, r, quarter)));
  };
  const button = (act: 'issue' | 'remind' | 'report', label: 'issueMany' | 'remindMany' | 'reportMany', main = false) => {
    const rows = acting(act);
    return rows.length > 0 && <Button kind={main ? 'main' : 'plain'} onClick={() => ask({ act, rows })}>{say(label, { n: rows.length })}…</Button>;
  };
  const region = get('region');
  const t = statements.totals?.[0];
  return (
    <Page
      title={say('board', { quarter: quarterName(quarter) })}
      finding={say('finding', { n: rows.length, states: clauses(...[...states].map(([state, n]) => say('nOf', { n, state: within(state) }))) })}
      help={say('help')}
      {...(region && { crumbs: [{ label: say('statements'), to: to('/statements', { quarter }) }, { label: region }] })}
      filters={
        <>
          <Quarters quarter={quarter} />
          <Chips
            at="show"
            label={say('filter')}
            value={which}
            onChoose={(v) => set({ show: v })}
            choices={[
              { value: '', label: say('all'), count: rows.length },
              { value: 'mine', label: say('mine'), count: rows.filter((r) => ours.includes(r.act)).length },
              { value: 'theirs', label: say('theirs'), count: rows.filter((r) => r.act === 'wait' || r.act === 'remind').length },
              { value: 'disputed', label: say('openDisputes'), count: rows.filter((r) => r.act === 'settle').length },
            ]}
          />
          {picked.length > 0 && <span className="soft">{say('chosen', { n: picked.length })} · {say('together', { sum: money(sum(picked.map((r) => r.statement?.closing ?? r.account.closing))) })}</span>}
        </>
      }
      actions={
        <>
          {button('issue', 'issueMany')}
          {button('remind', 'remindMany')}
          {button('report', 'reportMany', true)}
          <ExportButton view="/v1/statements" query={{ quarter, ...(region && { region }) }} title={say('board', { quarter: quarterName(quarter) })} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <ActsToday />
      <BatchPanel of={batch} />
      <div className={stale ? 'stale' : undefined}>
        {shown.length === 0 ? (
          <Empty />
        ) : (
          <Table
            label={say('board', { quarter: quarterName(quarter) })}
            columns={columns(quarter, to, (act, row) => ask({ act, rows: [row] }))}
            rows={shown}
            id={(r) => r.account.center ?? ''}
            open={(r) => to(`/centers/${r.account.center}/statements/${quarter}`)}
            choose={{ chosen, onChoose: choose }}
            groupOf={(r) => r.account.region ?? ''}
            group={(name, own) => ({
              label: (
                <>
                  <Link href={to('/statements', { quarter, region: name })}>{name}</Link>{' '}
                  <span className="soft">{say('group', { n: own.length, done: own.filter((r) => r.statement?.status === 'CONFIRMED').length })}</span>
                </>
              ),
              cells: {
                closing: <Money of={sumOf(own, (s) => s.closing)} />,
                confirmed: <Money of={sumOf(own, (s) => s.confirmed)} />,
                disputed: <Money of={sumOf(own, (s) => s.disputed)} />,
                before: <Money of={sumOf(own, (s) => s.confirmedBefore)} />,
                unapplied: <Money of={minus(sumOf(own.filter(answeredBy), (s) => s.unapplied))} />,
              },
            })}
            {...(t && shown.some((r) => r.statement) && {
              totals: { label: say('total'), cells: { closing: <Money of={sumOf(rows, (s) => s.closing) === null ? null : (t.closing ?? null)} />, confirmed: <Money of={t.confirmed ?? null} />, disputed: <Money of={t.disputed ?? null} />, before: <Money of={t.confirmedBefore ?? null} />, unapplied: <Money of={t.unapplied ? -fen(t.unapplied) : null} /> } },
              proofs: [
                {
                  terms: [
                    { column: 'confirmed', of: t.confirmed },
                    { column: 'disputed', of: t.disputed },
                    { column: 'before', of: t.confirmedBefore },
                    { column: 'unapplied', of: t.unapplied, minus: true },
                  ],
                  makes: { says: say('closingAnswered'), of: t.closingAnswered },
                },
                { says: say('proofBooked'), of: [t.closing], columns: ['closing'], holds: t.ties && statements.ties },
              ],
            })}
            basis
          />
        )}
      </div>
      {asked && (
        <Dialog
          open
          onClose={() => ask(undefined)}
          title={
            asked.act === 'issue'
              ? say('askIssue', { n: asked.rows.length, quarter: quarterName(quarter) })
              : asked.act === 'remind'
                ? say('askRemind', { n: asked.rows.length })
                : say('askReport', { n: asked.rows.length, quarter: quarterName(quarter) })
          }
        >
          <p>{asked.act === 'issue' ? say('askIssueHelp') : asked.act === 'remind' ? say('askRemindHelp') : say('askReportHelp')}</p>
          <Sums
            rows={[
              ...asked.rows.map((r) => ({ label: `${r.account.center} ${r.account.name}`, value: <Money of={r.statement?.closing ?? r.account.closing} zero /> })),
              { label: say('closingTotal'), value: money(sum(asked.rows.map((r) => r.statement?.closing ?? r.account.closing))), total: true },
            ]}
          />
          <div className="form-end">
            <Button kind="main" autoFocus onClick={() => play(asked.act, asked.rows)}>
              {asked.act === 'issue' ? say('issueMany', { n: asked.rows.length }) : asked.act === 'remind' ? say('remindMany', { n: asked.rows.length }) : say('reportMany', { n: asked.rows.length })}
            </Button>
            <Button onClick={() => ask(undefined)}>{kit('cancel')}</Button>
          </div>
        </Dialog>
      )}
    </Page>
  );
}

/** The sum of what statements say; nothing where none says it yet. */
function sumOf(rows: readonly Row[], of: (s: Statement) => string | null | undefined) {
  const said = rows.flatMap((r) => (r.statement && of(r.statement)) ?? []);
  return said.length ? sum(said) : null;
}

/** One center's part of an act, with its own outcome. */
function itemOf(act: Act, r: Row, quarter: string): Item {
  const center = r.account.center ?? '';
  const params = { center, quarter };
  return {
    id: center,
    label: `${center} ${r.account.name}`,
    send: async (key) => {
      switch (act) {
        case 'issue': {
          const out = await send('/v1/centers/{center}/statements/{quarter}/issue', params, undefined, key);
          return out.recorded?.length ? say('issuedAs', { position: out.position }) : say('unchanged');
        }
        case 'remind':
          await send('/v1/centers/{center}/statements/{quarter}/reminders', params, {}, key);
          return say('reminded');
        default:
          await send('/v1/centers/{center}/statements/{quarter}/report', params, undefined, key);
          return say('reported');
      }
    },
  };
}

const exported = () => [
  { field: 'center', head: say('center') },
  { field: 'name', head: say('name') },
  { field: 'version', head: say('version') },
  { field: 'status', head: say('state') },
  { field: 'closing', head: say('closing') },
  { field: 'confirmed', head: say('confirmed') },
  { field: 'disputed', head: say('disputed') },
];

const tones: Record<string, Tone> = { CONFIRMED: 'good', PARTLY_CONFIRMED: 'bad', ISSUED: 'watch', REOPENED: 'watch' };

const minus = (of: bigint | null) => (of === null ? null : -of);

/** Only what was replied to is made up of what was said of it. */
const answeredBy = (r: Row) => r.statement?.status === 'CONFIRMED' || r.statement?.status === 'PARTLY_CONFIRMED';

function columns(quarter: string, to: ReturnType<typeof useAddress>['to'], ask: (act: Act, row: Row) => void): Column<Row>[] {
  const steps = (r: Row) => {
    const s = r.statement;
    const answered = answeredBy(r);
    const settled = answered && (s?.disputes ?? 0) <= (s?.resolved ?? 0);
    return (
      <Steps
        label={say('steps', {
          issued: s ? say('isIssued') : say('notIssued'),
          answered: answered ? say('isAnswered') : say('notAnswered'),
          settled: settled ? say('isSettled') : say('notSettled'),
          reported: s?.reported ? say('isReported') : say('notReported'),
        })}
        states={[s ? 'done' : 'open', answered ? 'done' : s?.daysOver ? 'watch' : 'open', !answered ? 'open' : settled ? 'done' : 'watch', s?.reported ? 'done' : 'open']}
      />
    );
  };
  return [
    { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.account.center}/statements/${quarter}`)}>{r.account.center}</Link> },
    { key: 'name', head: say('name'), kind: 'name', value: (r) => r.account.name },
    { key: 'progress', head: say('progress'), cell: steps, wide: true },
    {
      key: 'state',
      head: say('state'),
      cell: (r) => (
        <>
          <Badge tone={tones[r.statement?.status ?? ''] ?? 'plain'}>{nameOf('account.StatementStatus', r.statement?.status ?? 'NOT_ISSUED')}</Badge>{' '}
          <span className={r.statement?.daysOver ? 'late' : 'soft'}>{remark(r)}</span>
        </>
      ),
    },
    { key: 'closing', head: say('closing'), kind: 'money', value: (r) => r.statement?.closing ?? '', sort: 'closing', lead: true },
    { key: 'confirmed', head: say('confirmed'), kind: 'money', value: (r) => r.statement?.confirmed ?? '', tone: () => 'proved' },
    { key: 'disputed', head: say('disputed'), kind: 'money', value: (r) => r.statement?.disputed ?? '', tone: (r) => (r.act === 'settle' ? 'wrong' : undefined) },
    { key: 'before', head: say('confirmedBefore'), kind: 'money', wide: true, value: (r) => (answeredBy(r) ? (r.statement?.confirmedBefore ?? '') : '') },
    { key: 'unapplied', head: say('unapplied'), kind: 'money', wide: true, cell: (r) => (answeredBy(r) ? <Money of={-fen(r.statement?.unapplied ?? '0')} /> : null) },
    { key: 'version', head: say('version'), kind: 'tight', value: (r) => (r.statement ? say('nth', { n: r.statement.version ?? 0 }) : '') },
    {
      key: 'next',
      head: say('next'),
      kind: 'tight',
      cell: (r) => {
        if (r.act === 'settle') return <Link href={to(`/centers/${r.account.center}/statements/${quarter}`, { lines: 'disputed' })}>{say('settle')}</Link>;
        if (r.act === 'wait' || r.act === 'done') return <Link href={to(`/centers/${r.account.center}/statements/${quarter}`)}>{say('look')}</Link>;
        const word = r.act === 'issue' ? say('issue') : r.act === 'report' ? say('report') : r.statement?.reminders ? say('remindAgain') : say('remind');
        return <button type="button" className="plain link" onClick={() => ask(r.act, r)}>{word}…</button>;
      },
    },
  ];
}

function remark(r: Row): string {
  const s = r.statement;
  if (!s) return say('notYetIssued', { charges: money(r.account.charges) });
  if (s.answeredOn) return say('answeredOn', { day: shortDay(s.answeredOn) });
  if (s.daysOver) return s.reminders ? say('lateReminded', { days: s.daysOver, n: s.reminders }) : say('late', { days: s.daysOver });
  return s.replyBy ? say('replyBy', { day: shortDay(s.replyBy) }) : '';
}

