import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { BatchPanel, useBatch } from '@/kit/Batch';
import { daysBetween, today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday, DayField, dayOfField, Form, send, TextField } from '@/kit/Form';
import { count, fen, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useRows, type Answer, type RowOf } from '@/kit/view';
import { clauses } from '@/kit/words';
import { useSession } from '@/shell/session';
import { AskOffList } from './AskOffList';
import { say } from './say';

type Row = RowOf<'/v1/off-list-requests'>;
type Sums = Answer<'/v1/off-list-requests'>;

const tones: Record<Row['status'], Tone> = { PENDING: 'watch', APPROVED: 'good', REJECTED: 'bad' };
/** Who charges, and so asks for what the list does not have (5.3.1). */
const charges: readonly string[] = ['technician', 'city-lead', 'regional-admin'];
const keyOf = (r: Row) => `${r.center} ${r.charge}`;

/** Work outside the price list: asked for, and decided by the HQ affairs supervisor. */
export default function OffList() {
  const { get, set, to } = useAddress();
  const status = get('status');
  const [center, region, sorted] = [get('center'), get('region'), get('sort')];
  const query = { ...(status && { status: status as 'PENDING' }), ...(center && { center }), ...(region && { region }), ...(sorted && { sort: sorted as 'gross' }) };
  const q = useRows('/v1/off-list-requests', { query });
  const role = useSession()?.role ?? '';
  const decides = role === 'hq-affairs-supervisor';
  const [chosen, choose] = useState<Chosen>(none);
  const [rejecting, reject] = useState<Row>();
  const [executing, execute] = useState<Row>();
  const [asking, ask] = useState(false);
  const batch = useBatch();
  const picked = q.rows.filter((r) => r.status === 'PENDING' && (chosen.all || chosen.ids.has(keyOf(r))));
  const approve = () => {
    batch.start(
      say('approving'),
      picked.map((r) => ({
        id: keyOf(r),
        label: `${r.charge} ${r.project} ${money(r.gross)}`,
        send: async (key) => {
          await send('/v1/centers/{center}/off-list-charges/{charge}/decision', { center: r.center, charge: r.charge }, { approve: true }, key);
          return say('approved');
        },
      })),
    );
    choose(none);
  };
  return (
    <Page
      of={q.of}
      title={say('offList')}
      finding={q.first && say('offListFinding', { pending: count(q.first.pending), sum: money(q.first.pendingGross), n: count(q.first.count), before: count(q.first.executedBeforeApproval) })}
      help={say('offListHelp')}
      filters={
        <Chips
          at="status"
          label={say('filter')}
          value={status}
          onChoose={(v) => set({ status: v })}
          choices={[{ value: '', label: say('all') }, ...(['PENDING', 'APPROVED', 'REJECTED'] as const).map((s) => ({ value: s, label: nameOf('money.OffListStatus', s) }))]}
        />
      }
      actions={
        <>
          {decides && picked.length > 0 && <Button kind="main" onClick={approve}>{say('approve', { n: count(picked.length), sum: money(sum(picked.map((r) => r.gross))) })}</Button>}
          {charges.includes(role) && <Button kind="main" onClick={() => ask(true)}>{say('askOffList')}</Button>}
          <ExportButton view="/v1/off-list-requests" query={query} title={say('offList')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <div className="stack">
        {decides && <ActsToday />}
        <BatchPanel of={batch} />
        <Answered of={q.of} rows={12}>
          {(f) =>
            q.rows.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('offList')}
                columns={columns(to, decides ? reject : undefined, charges.includes(role) ? execute : undefined)}
                rows={q.rows}
                id={keyOf}
                more={q.more}
                count={f.count}
                {...(decides && { choose: { chosen, onChoose: choose, amount: (r: Row) => r.gross } })}
                totals={totals(f)}
                basis
              />
            )
          }
        </Answered>
      </div>
      {asking && (
        <Dialog open wide onClose={() => ask(false)} title={say('askOffListTitle')}>
          <AskOffList of={{ center, project: '', room: '', owner: '', ticket: '' }} close={() => ask(false)} />
        </Dialog>
      )}
      {executing && (
        <Dialog open onClose={() => execute(undefined)} title={say('executeTitle', { number: executing.charge, sum: money(executing.gross) })}>
          <p className="soft">{say('executeHelp')}</p>
          <Form
            command="/v1/centers/{center}/off-list-charges/{charge}/execution"
            params={{ center: executing.center, charge: executing.charge }}
            start={{ occurredOn: today() }}
            body={(v) => ({ occurredOn: dayOfField(v.occurredOn) })}
            draft={`off-list.done.${executing.charge}`}
            submit={say('doExecute')}
            onDone={() => execute(undefined)}
            onCancel={() => execute(undefined)}
          >
            <DayField name="occurredOn" label={say('occurredOn')} required />
          </Form>
        </Dialog>
      )}
      {rejecting && (
        <Dialog open onClose={() => reject(undefined)} title={say('rejectTitle', { number: rejecting.charge, sum: money(rejecting.gross) })}>
          <Form
            command="/v1/centers/{center}/off-list-charges/{charge}/decision"
            params={{ center: rejecting.center, charge: rejecting.charge }}
            body={(v) => ({ approve: false, note: v.note ?? '' })}
            draft={`off-list.${rejecting.charge}`}
            submit={say('doReject')}
            kind="danger"
            onDone={() => reject(undefined)}
            onCancel={() => reject(undefined)}
          >
            <TextField name="note" label={say('rejectReason')} required lines autoFocus />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

/** What was refused is charged to nobody: the total leaves it out and says so, unless all that is listed was refused. */
const totals = (f: Sums) =>
  f.rejected > 0 && f.rejected < f.count
    ? { label: say('standing', { n: count(f.rejected), sum: money(f.rejectedGross) }), cells: { gross: <Money of={fen(f.gross) - fen(f.rejectedGross)} /> } }
    : { label: say(f.rejected ? 'rejectedTotal' : 'total'), cells: { gross: <Money of={f.gross} /> } };

const exported = () => [
  { field: 'requestedOn', head: say('asked') },
  { field: 'center', head: say('center') },
  { field: 'charge', head: say('number') },
  { field: 'project', head: say('project') },
  { field: 'reason', head: say('reason') },
  { field: 'requestedByName', head: say('by') },
  { field: 'status', head: say('state') },
  { field: 'doneOn', head: say('occurredOn') },
  { field: 'executedBeforeApproval', head: say('doneBefore') },
  { field: 'gross', head: say('amount') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], reject: ((r: Row) => void) | undefined, execute: ((r: Row) => void) | undefined): Column<Row>[] => [
  { key: 'on', head: say('asked'), kind: 'day', sort: 'requestedOn', value: (r) => r.requestedOn },
  { key: 'charge', head: say('number'), kind: 'tight', cell: (r) => (r.occurredOn ? <Link href={to(`/charges/${r.center}/${r.charge}`)}>{r.charge}</Link> : r.charge) },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  { key: 'project', head: say('project'), kind: 'name', value: (r) => `${r.project} ${r.projectName}` },
  { key: 'reason', head: say('reason'), kind: 'name', cell: (r) => <span>{r.reason} <span className="soft">{personOf(r, 'requestedBy')}</span></span> },
  { key: 'age', head: say('age'), kind: 'tight', wide: true, cell: (r) => <span className={r.status === 'PENDING' ? 'late' : 'soft'}>{say('days', { n: r.ageDays ?? daysBetween(r.requestedOn, r.decidedOn ?? r.requestedOn) })}</span> },
  {
    key: 'state',
    head: say('state'),
    cell: (r) => (
      <span>
        <Badge tone={tones[r.status]}>{nameOf('money.OffListStatus', r.status)}</Badge> <span className="soft">{clauses([personOf(r, 'decidedBy'), r.decidedOn].filter(Boolean).join(' '), r.decision, r.movedTo && say('moved', { center: r.movedTo }), r.doneOn && say('doneOn', { day: r.doneOn }))}</span>
        {reject && r.status === 'PENDING' && <Button kind="quiet" onClick={() => reject(r)}>{say('reject')}</Button>}
        {r.executedBeforeApproval && <> <Badge tone="watch">{say('doneBefore')}</Badge></>}
        {execute && r.status === 'APPROVED' && !r.occurredOn && !r.movedTo && <Button kind="quiet" onClick={() => execute(r)}>{say('execute')}</Button>}
      </span>
    ),
  },
  { key: 'gross', head: say('amount'), kind: 'money', sort: 'gross', value: (r) => r.gross },
];
