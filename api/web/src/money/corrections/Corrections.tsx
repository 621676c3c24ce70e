import { useState } from 'react';
import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, type Tone } from '@/kit/Basics';
import { BatchPanel, useBatch } from '@/kit/Batch';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday, amountOf, DayField, dayOfField, Form, MoneyField, send, TextField } from '@/kit/Form';
import { count, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { sentences } from '@/kit/words';
import { useSession } from '@/shell/session';
import { Pick, PickedCharge, type Picked } from './Pick';
import { say } from './say';

type Row = RowOf<'/v1/corrections'>;

const tones: Record<Row['status'], Tone> = { ISSUED: 'plain', PENDING: 'watch', APPROVED: 'good', REJECTED: 'bad' };

/** Credit notes, and write-offs from their request to the manager's decision. */
export default function Corrections() {
  const { get, set, to } = useAddress();
  const show = get('show');
  const [center, region, sorted] = [get('center'), get('region'), get('sort')];
  const query = {
    ...(show === 'pending' ? { status: 'PENDING' as const } : show === 'notes' ? { kind: 'CREDIT_NOTE' as const } : show === 'write-offs' ? { kind: 'WRITE_OFF' as const } : {}),
    ...(center && { center }),
    ...(region && { region }),
    ...(sorted && { sort: sorted as 'amount' }),
  };
  const q = useRows('/v1/corrections', { query });
  const role = useSession()?.role ?? '';
  const decides = role === 'department-manager';
  const [chosen, choose] = useState<Chosen>(none);
  const [rejecting, reject] = useState<Row>();
  const [making, make] = useState<'note' | 'write-off'>();
  const batch = useBatch();
  const picked = q.rows.filter((r) => r.status === 'PENDING' && (chosen.all || chosen.ids.has(keyOf(r))));
  const approve = () => {
    batch.start(
      say('approving'),
      picked.map((r) => ({
        id: keyOf(r),
        label: `${r.number} ${r.center} ${money(r.amount)}`,
        send: async (key) => {
          await send('/v1/centers/{center}/write-offs/{writeOff}/decision', { center: r.center, writeOff: r.number }, { approve: true }, key);
          return say('approved');
        },
      })),
    );
    choose(none);
  };
  return (
    <Page
      of={q.of}
      title={say('corrections')}
      finding={q.first && sentences([say('finding', { credited: money(q.first.credited), writtenOff: money(q.first.writtenOff) }), q.first.pending ? say('findingPending', { n: count(q.first.pending), pending: money(q.first.pendingAmount) }) : ''].filter(Boolean))}
      help={say('help')}
      {...((center || region) && { crumbs: [{ label: say('corrections'), to: to('/corrections') }, { label: center || region }] })}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v })}
          choices={[
            { value: '', label: say('all') },
            { value: 'pending', label: say('pending'), ...(show === '' && { count: q.first?.pending }) },
            { value: 'notes', label: say('notes') },
            { value: 'write-offs', label: say('writeOffs') },
          ]}
        />
      }
      actions={
        <>
          {decides && picked.length > 0 && <Button kind="main" onClick={approve}>{say('approve', { n: count(picked.length), sum: money(sum(picked.map((r) => r.amount))) })}</Button>}
          {['regional-admin', 'hq-affairs-supervisor', 'finance'].includes(role) && <Button onClick={() => make('note')}>{say('newNote')}</Button>}
          {['regional-admin', 'city-lead', 'finance'].includes(role) && <Button onClick={() => make('write-off')}>{say('newWriteOff')}</Button>}
          <ExportButton view="/v1/corrections" query={query} title={say('corrections')} columns={exported()} />
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
                label={say('corrections')}
                columns={columns(to, decides ? reject : undefined)}
                rows={q.rows}
                id={keyOf}
                more={q.more}
                count={f.count}
                {...(decides && { choose: { chosen, onChoose: choose, amount: (r: Row) => r.amount, name: (r: Row) => `${r.center} ${say(r.kind)} ${r.number}` } })}
                basis
              />
            )
          }
        </Answered>
      </div>
      {rejecting && (
        <Dialog open onClose={() => reject(undefined)} title={say('rejectTitle', { number: rejecting.number, sum: money(rejecting.amount) })}>
          <Form
            command="/v1/centers/{center}/write-offs/{writeOff}/decision"
            params={{ center: rejecting.center, writeOff: rejecting.number }}
            body={(v) => ({ approve: false, note: v.note ?? '' })}
            draft={`reject.${rejecting.number}`}
            submit={say('doReject')}
            kind="danger"
            onDone={() => reject(undefined)}
            onCancel={() => reject(undefined)}
          >
            <TextField name="note" label={say('rejectReason')} required lines autoFocus />
          </Form>
        </Dialog>
      )}
      {making && <Make what={making} center={center} close={() => make(undefined)} />}
    </Page>
  );
}

const keyOf = (r: Row) => `${r.center} ${r.kind} ${r.number}`;

const exported = () => [
  { field: 'on', head: say('on') },
  { field: 'kind', head: say('kind') },
  { field: 'number', head: say('number') },
  { field: 'center', head: say('center') },
  { field: 'charge', head: say('charge') },
  { field: 'by', head: say('by') },
  { field: 'reason', head: say('reason') },
  { field: 'status', head: say('state') },
  { field: 'amount', head: say('amount') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], reject: ((r: Row) => void) | undefined): Column<Row>[] => [
  { key: 'on', head: say('on'), kind: 'day', sort: 'on', value: (r) => r.on },
  { key: 'kind', head: say('kind'), kind: 'tight', value: (r) => say(r.kind) },
  { key: 'number', head: say('number'), kind: 'tight', lead: true, value: (r) => r.number },
  { key: 'center', head: say('center'), kind: 'name', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.name || r.center}</Link> },
  { key: 'charge', head: say('charge'), kind: 'tight', cell: (r) => <Link href={to(`/charges/${r.center}/${r.charge}`)}>{r.charge}</Link> },
  { key: 'what', head: say('what'), wide: true, cell: (r) => [r.room, r.service].filter(Boolean).join(' ') },
  { key: 'reason', head: say('reason'), value: (r) => r.reason },
  { key: 'by', head: say('by'), kind: 'tight', wide: 'desk', value: (r) => personOf(r, 'by') },
  {
    key: 'state',
    head: say('state'),
    cell: (r) => (
      <span>
        <Badge tone={tones[r.status]}>{say(r.status)}</Badge> <span className="soft">{[personOf(r, 'decidedBy'), r.decidedOn, r.decision].filter(Boolean).join(' ')}</span>
        {reject && r.status === 'PENDING' && <Button kind="quiet" onClick={() => reject(r)}>{say('reject')}</Button>}
      </span>
    ),
  },
  { key: 'amount', head: say('amount'), kind: 'money', sort: 'amount', value: (r) => r.amount },
];

/** A credit note or the request of a write-off; center and charge may be given by whoever opens it. */
export function Make({ what, center = '', charge = '', amount = '', close }: { what: 'note' | 'write-off'; center?: string; charge?: string; amount?: string; close: () => void }) {
  const note = what === 'note';
  const [picked, pick] = useState<Picked>();
  const at = charge ? { center, charge } : { center: picked?.center ?? '', charge: picked?.charge ?? '' };
  const common = {
    params: { center: at.center, charge: at.charge },
    start: { amount: amount || (picked ? money(picked.open) : ''), on: today() },
    draft: `${what}.${at.center}.${at.charge}`,
    onDone: close,
    onCancel: close,
  };
  const fields = (
    <>
      <div className="field-row">
        <MoneyField name="amount" label={say('gross')} required />
        {note && <DayField name="on" label={say('on')} required />}
      </div>
      <TextField name="reason" label={say('reason')} required lines />
    </>
  );
  return (
    <Dialog open wide={!charge} onClose={close} title={charge ? say('creditTitle', { charge, sum: money(amount || '0') }) : note ? say('noteTitle') : say('writeOffTitle')}>
      {!charge && (picked ? <PickedCharge of={picked} again={() => pick(undefined)} /> : <Pick center={center} onPick={pick} />)}
      {at.center && at.charge ? (
        note ? (
          <Form command="/v1/centers/{center}/charges/{charge}/credit-notes" {...common} body={(v) => ({ amount: amountOf(v.amount), on: dayOfField(v.on), reason: v.reason ?? '' })} submit={say('doNote')}>{fields}</Form>
        ) : (
          <Form command="/v1/centers/{center}/charges/{charge}/write-offs" {...common} body={(v) => ({ amount: amountOf(v.amount), reason: v.reason ?? '' })} submit={say('doWriteOff')}>{fields}</Form>
        )
      ) : null}
    </Dialog>
  );
}
