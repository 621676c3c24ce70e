import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { BatchPanel, useBatch } from '@/kit/Batch';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday, amountOf, DayField, dayOfField, Form, MoneyField, send, TextField } from '@/kit/Form';
import { count, fen, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { sentences } from '@/kit/words';
import { useSession } from '@/shell/session';
import { halves } from './halves';
import { paperOf } from './papers';
import { say } from './say';

type Row = RowOf<'/v1/collection'>;

const kept: Record<string, Tone> = { KEPT: 'good', PENDING: 'watch', BROKEN: 'bad', NOT_OWED: 'good' };
const chases = ['city-lead', 'regional-admin', 'finance'];

const halfName = (h: string) => say('halfName', { year: h.slice(0, 4), which: h.endsWith('1') ? say('first') : say('second') });

/** Who is to be chased, what was promised, and the acts of chasing. */
export default function Collection() {
  const { get, set, to, cut } = useAddress();
  const show = get('show');
  const [center, region, sorted] = [get('center'), get('region'), get('sort')];
  const query = { ...(show !== 'all' && { overdue: true }), ...(center && { center }), ...(region && { region }), sort: (sorted || '-toCollect') as '-toCollect' };
  const q = useRows('/v1/collection', { query });
  const [chosen, choose] = useState<Chosen>(none);
  const [noting, note] = useState<Row>();
  const last = halves(asOfDay(cut), 4);
  const [half, setHalf] = useState(last[0] ?? '');
  const batch = useBatch();
  const may = chases.includes(useSession()?.role ?? '');
  const rows = q.rows.filter((r) => (show === 'broken' ? r.promise?.status === 'BROKEN' : show === 'pending' ? r.promise?.status === 'PENDING' : show === 'silent' ? !r.followUp && !r.promise : true));
  const picked = rows.filter((r) => chosen.all || chosen.ids.has(r.center));
  const total = picked.map((r) => r.toCollect);
  const remind = () => {
    batch.start(
      say('reminding'),
      picked.map((r) => ({
        id: r.center,
        label: `${r.center} ${r.name}`,
        send: async (key) => {
          const out = await send('/v1/centers/{center}/reminders', { center: r.center }, {}, key);
          return say('reminded', { sum: money(out.total), n: count(out.lines?.length ?? 0) });
        },
      })),
    );
    choose(none);
  };
  const claim = () => {
    batch.start(
      say('claiming', { half: halfName(half) }),
      picked.map((r) => ({
        id: r.center,
        label: `${r.center} ${r.name}`,
        send: async (key) => {
          const out = await send('/v1/centers/{center}/claims', { center: r.center }, { half }, key);
          return say('claimed', { number: out.id, sum: money(out.total), n: count(out.lines?.length ?? 0) });
        },
      })),
    );
    choose(none);
  };
  return (
    <Page
      of={q.of}
      title={say('collection')}
      finding={q.first && found(q.first.total)}
      help={say('help')}
      {...((center || region) && { crumbs: [{ label: say('collection'), to: to('/collection') }, { label: center || region }] })}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v })}
          choices={[
            { value: '', label: say('overdueOnly') },
            { value: 'broken', label: say('broken') },
            { value: 'pending', label: say('pending') },
            { value: 'silent', label: say('silent') },
            { value: 'all', label: say('all') },
          ]}
        />
      }
      actions={
        <>
          {may && picked.length > 0 && (
            <>
              <Button kind="main" onClick={remind}>{say('remindMany', { n: count(picked.length), sum: money(sum(total)) })}</Button>
              <label className="unseen" htmlFor="half">{say('half')}</label>
              <select id="half" className="box" style={{ width: 'auto' }} value={half} onChange={(e) => setHalf(e.target.value)}>
                {last.map((h) => <option key={h} value={h}>{halfName(h)}</option>)}
              </select>
              <Button onClick={claim}>{say('claimMany', { half: halfName(half), n: count(picked.length) })}</Button>
            </>
          )}
          <ExportButton view="/v1/collection" query={query} title={say('collection')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <div className="stack">
        {may && <ActsToday />}
        <BatchPanel of={batch} />
        <Answered of={q.of} rows={12}>
          {(f) =>
            rows.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('collection')}
                columns={columns(to, may ? note : undefined)}
                rows={rows}
                id={(r) => r.center}
                more={q.more}
                {...(may && { choose: { chosen, onChoose: choose, amount: (r: Row) => r.toCollect } })}
                {...((show === '' || show === 'all') && {
                  totals: {
                    label: say('total'),
                    cells: { notDue: <Money of={f.total.notDue} />, overdue: <Money of={f.total.overdue} tone="late" />, disputed: <Money of={f.total.disputed} tone="wrong" />, unapplied: <Money of={f.total.unapplied} />, toCollect: <Money of={f.total.toCollect} /> },
                  },
                  proofs: [{ terms: [{ column: 'notDue', of: f.total.notDue }, { column: 'overdue', of: f.total.overdue }, { column: 'disputed', of: f.total.disputed }], makes: { says: say('open'), of: f.total.open }, each: f.ties }],
                })}
                foot={<DrillProof sum={f.total.overdue} />}
                basis
              />
            )
          }
        </Answered>
      </div>
      {noting && <Note of={noting} close={() => note(undefined)} />}
    </Page>
  );
}

/** What is late and, where it is less, what can be chased of it; what is in dispute, where anything is. */
const found = (t: { overdue: string; toCollect: string; disputed: string }) =>
  sentences(
    [
      fen(t.overdue) === fen(t.toCollect) ? say('findingAll', { overdue: money(t.overdue) }) : say('finding', { overdue: money(t.overdue), toCollect: money(t.toCollect) }),
      fen(t.disputed) ? say('findingDisputed', { disputed: money(t.disputed) }) : '',
    ].filter(Boolean),
  );

const exported = () => [
  { field: 'center', head: say('center') },
  { field: 'name', head: say('name') },
  { field: 'daysLate', head: say('late') },
  { field: 'notDue', head: say('notDue') },
  { field: 'overdue', head: say('overdue') },
  { field: 'disputed', head: say('disputed') },
  { field: 'unapplied', head: say('unapplied') },
  { field: 'toCollect', head: say('toCollect') },
  { field: 'open', head: say('open') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], note: ((r: Row) => void) | undefined): Column<Row>[] => [
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  { key: 'name', head: say('name'), kind: 'name', value: (r) => r.name },
  { key: 'late', head: say('late'), kind: 'tight', sort: 'oldestDue', cell: (r) => (r.daysLate ? <span className="late">{say('days', { n: r.daysLate })}</span> : null) },
  {
    key: 'promise',
    head: say('promise'),
    cell: (r) =>
      r.promise && (
        <span>
          <Badge tone={kept[r.promise.status]}>{nameOf('money.PromiseStatus', r.promise.status)}</Badge> {say('promised', { day: r.promise.payOn, amount: money(r.promise.amount) })}
          <span className="soft">{say(r.promise.status === 'PENDING' ? 'got' : 'gotByThen', { received: money(r.promise.received) })}{r.promise.reduced ? say('takenOff', { amount: money(r.promise.reduced) }) : ''}</span>
        </span>
      ),
  },
  {
    key: 'last',
    head: say('last'),
    cell: (r) => (
      <span>
        {r.followUp && <span title={r.followUp.note}>{r.followUp.on} {r.followUp.note} <span className="soft">{personOf(r.followUp, 'by')}</span></span>}{' '}
        {note && <Button kind="quiet" onClick={() => note(r)}>{say('note')}</Button>}
      </span>
    ),
  },
  {
    key: 'sent',
    head: say('sent'),
    wide: true,
    cell: (r) => (
      <span className="soft">
        {r.reminder && <a className="nowrap" href={paperOf('ReminderIssued', r.center, r.reminder.number)} target="_blank" rel="noopener">{say('reminder', { day: r.reminder.on, n: r.reminders })}</a>}
        {r.reminder && r.claim && ' · '}
        {r.claim && <a className="nowrap" href={paperOf('ClaimIssued', r.center, r.claim.number)} target="_blank" rel="noopener">{say('claim', { day: r.claim.on })}</a>}
      </span>
    ),
  },
  { key: 'notDue', head: say('notDue'), kind: 'money', wide: true, value: (r) => r.notDue },
  { key: 'overdue', head: say('overdue'), kind: 'money', sort: 'overdue', value: (r) => r.overdue, tone: () => 'late' },
  { key: 'disputed', head: say('disputed'), kind: 'money', sort: 'disputed', wide: true, value: (r) => r.disputed, tone: () => 'wrong' },
  { key: 'unapplied', head: say('unapplied'), kind: 'money', wide: true, value: (r) => r.unapplied },
  { key: 'toCollect', head: say('toCollect'), kind: 'money', sort: 'toCollect', value: (r) => r.toCollect },
];

/** A word with a center about its debt, and what it promised. */
export function Note({ of: r, close }: { of: { center: string; name: string }; close: () => void }) {
  return (
    <Dialog open onClose={close} title={say('noteTitle', { center: r.center, name: r.name })}>
      <p className="soft">{say('noteHelp')}</p>
      <Form
        command="/v1/centers/{center}/follow-ups"
        params={{ center: r.center }}
        start={{ on: today() }}
        body={(v) => {
          const [promisedOn, promised] = [dayOfField(v.promisedOn), amountOf(v.promised)];
          return { contact: v.contact ?? '', note: v.note ?? '', on: dayOfField(v.on), ...(promisedOn && { promisedOn }), ...(promised && { promised }) };
        }}
        draft={`follow-up.${r.center}`}
        submit={say('save')}
        onDone={close}
        onCancel={close}
      >
        <div className="field-row">
          <TextField name="contact" label={say('contact')} required autoFocus />
          <DayField name="on" label={say('on')} required />
        </div>
        <TextField name="note" label={say('says')} required lines />
        <div className="field-row">
          <DayField name="promisedOn" label={say('promisedOn')} />
          <MoneyField name="promised" label={say('promisedAmount')} hint={say('amountHint')} />
        </div>
      </Form>
    </Dialog>
  );
}
