import { useMemo } from 'react';
import { useParams } from 'wouter';
import { nameOf, useSaid } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Button, Chips, Money, Proof } from '@/kit/Basics';
import { clock, dayOf, longDay, shortDay } from '@/kit/dates';
import { DrillProof } from '@/kit/Drill';
import { personOf } from '@/kit/person';
import { EventsTable, FieldsTable, stepOf, toneOf } from '@/kit/Record';
import { EventPanel } from '@/kit/Trail';
import { fen, money, percent, quantity, sum, yuan, type Fen } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel, Sums } from '@/kit/Panel';
import { usePlaces } from '@/kit/places';
import { Answered } from '@/kit/States';
import { Table } from '@/kit/Table';
import { Timeline, type Step } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { clauses } from '@/kit/words';
import { say } from './say';

type Body = Answer<'/v1/centers/{center}/charges/{charge}'>;
type Posting = NonNullable<Body['postings']>[number];

/** What a charge is open by: not the account in between, where a transfer stands until its other end is booked. */
const receivable = (p: Posting) => p.account.startsWith('1122') && p.account !== '1122.9';

export default function Charge() {
  const { center = '', charge = '' } = useParams<{ center: string; charge: string }>();
  const { to } = useAddress();
  const places = usePlaces();
  const q = useView('/v1/centers/{center}/charges/{charge}', { path: { center, charge } });
  const way = [
    { label: say('receivables'), to: to('/receivables') },
    { label: places.center(center), to: to(`/centers/${center}`) },
  ];
  return q.data && !q.error ? (
    <Told of={q.data} center={center} way={way} stale={q.isPlaceholderData} />
  ) : (
    <Page of={q} title={charge} crumbs={[...way, { label: charge }]}>
      <Answered of={q}>{() => null}</Answered>
    </Page>
  );
}

/** When what was open came to nothing, by business day. */
function settledOn(postings: Posting[]): string | undefined {
  const days = new Map<string, Fen>();
  for (const p of postings.filter(receivable)) days.set(p.on, (days.get(p.on) ?? 0n) + fen(p.amount));
  let open = 0n;
  let settled: string | undefined;
  for (const [day, amount] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    open += amount;
    settled = open === 0n ? day : undefined;
  }
  return settled;
}

function Told({ of, center, way, stale }: { of: Body; center: string; way: { label: string; to: string }[]; stale: boolean }) {
  const { get, set, to } = useAddress();
  const view = get('view') || 'life';
  const c = of.charge;
  const postings = of.postings ?? [];
  const events = of.events ?? [];
  const confirmed = events.filter((e) => e.type === 'StatementConfirmed').at(-1);
  const disputed = events.some((e) => e.type === 'ChargeDisputed');
  const settled = settledOn(postings);
  const finding = [
    c.open === null
      ? say('chargeBilled', { gross: money(c.gross) })
      : fen(c.open) === 0n
      ? settled
        ? say('chargePaid', { gross: money(c.gross), day: longDay(settled) })
        : say('chargeGone', { gross: money(c.gross) })
      : say('chargeOpen', { gross: money(c.gross), open: money(c.open), due: longDay(c.dueOn) }),
    confirmed ? say('confirmedOn', { day: shortDay(confirmed.on) }) : '',
    ` · ${say('steps', { n: events.length })} · `,
    disputed ? say('disputed') : say('undisputed'),
    c.executedBeforeApproval ? ` · ${say('doneBefore')}` : '',
  ].join('');
  const chosen = events.find((e) => String(e.position) === get('event'));
  return (
    <Page
      title={c.service}
      finding={finding}
      help={say('chargeHelp')}
      crumbs={[
        ...way,
        { label: c.posted, to: to(`/centers/${center}/statements/${c.posted}`) },
        { label: c.charge },
      ]}
      filters={
        <Chips
          at="view"
          label={say('view')}
          value={view}
          onChoose={(v) => set({ view: v === 'life' ? '' : v })}
          choices={[
            { value: 'life', label: say('life') },
            { value: 'fields', label: say('byField') },
            { value: 'postings', label: say('postings'), count: postings.length },
            { value: 'events', label: say('events'), count: events.length },
          ]}
        />
      }
      actions={<CopyLink />}
    >
      <div className={stale ? 'beside stale' : 'beside'}>
        {view === 'postings' ? <Postings of={postings} /> : view === 'events' ? <EventsTable of={events} /> : view === 'fields' ? <FieldsTable of={events} record={c.charge} /> : <Life of={of} />}
        <div className="side">
          {chosen && <EventPanel of={chosen} />}
          <Known of={of} />
          <Panel title={say('computed')}>
            <Sums
              rows={[
                ...priced(c),
                { label: say('net'), value: money(c.net) },
                { label: say('tax', { rate: c.taxRate && percent(c.taxRate) }), value: money(c.tax) },
                { label: say('grossTotal'), value: money(c.gross), total: true },
              ]}
            />
          </Panel>
          <Balance of={of} />
          {!chosen && (
            <Panel title={say('event')}>
              <p className="soft">{say(view === 'life' ? 'chooseStep' : 'chooseEvent')}</p>
            </Panel>
          )}
        </div>
      </div>
    </Page>
  );
}

/** At which price how much was charged; of what came from another center, neither. */
const priced = (c: Body['charge']) =>
  c.quantity === ''
    ? []
    : [
        {
          label: c.priceList ? say('priceList', { list: c.priceList, item: c.item ?? '', clause: c.clause }) : say('unitPrice'),
          value: money2(c.unitPrice),
        },
        { label: say('amountOf'), value: `${quantity(c.quantity)} ${c.unit}` },
      ];

const money2 = (price: string) => (/\.\d{3,}$/.test(price) ? quantity(price) : money(price));

function Life({ of }: { of: Body }) {
  const { get, set } = useAddress();
  const steps = useSaid(() => {
    const moved = new Map<number, Fen>();
    for (const p of of.postings ?? []) if (receivable(p)) moved.set(p.position, (moved.get(p.position) ?? 0n) + fen(p.amount));
    let then = 0n;
    let begun = false;
    return [...(of.events ?? [])]
      .sort((a, b) => (a.on === b.on ? a.position - b.position : a.on < b.on ? -1 : 1))
      .map((e): Step => {
        const amount = moved.get(e.position);
        begun ||= amount !== undefined;
        then += amount ?? 0n;
        return {
          ...stepOf(e),
          ...(amount && { amount: yuan(amount) }),
          ...(begun && { then: yuan(then) }),
          tone: amount && toneOf(e.type) !== 'bad' && toneOf(e.type) !== 'watch' ? 'money' : toneOf(e.type),
        };
      });
  }, [of]);
  return (
    <Panel title={say('life')} note={say('lifeNote')} bare>
      <Timeline steps={steps} heads={{ amount: say('gross'), then: say('stillOpen') }} chosen={get('event')} onChoose={(key) => set({ event: get('event') === key ? '' : key }, true)} />
    </Panel>
  );
}

/** What was owed, and whether it was confirmed, as known from each moment on. */
function Known({ of }: { of: Body }) {
  const rows = useMemo(() => {
    const changes = new Map<string, Fen>();
    for (const p of of.postings ?? []) if (receivable(p)) changes.set(p.recordedAt, (changes.get(p.recordedAt) ?? 0n) + fen(p.amount));
    for (const e of of.events ?? []) if (e.type === 'StatementConfirmed') changes.set(e.recordedAt, changes.get(e.recordedAt) ?? 0n);
    let open = 0n;
    let confirmed = false;
    return [...changes]
      .sort(([a], [b]) => Date.parse(a) - Date.parse(b))
      .map(([at, amount]) => {
        open += amount;
        confirmed ||= (of.events ?? []).some((e) => e.type === 'StatementConfirmed' && e.recordedAt === at);
        return { at, open, confirmed };
      });
  }, [of]);
  return (
    <Panel title={say('twoTimes')} bare>
      <table className="table plain-table">
        <thead>
          <tr>
            <th scope="col">{say('knownFrom')}</th>
            <th scope="col" className="num">{say('stillOpen')}</th>
            <th scope="col">{say('state')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.at}>
              <td>{say('since', { moment: `${shortDay(dayOf(r.at))} ${clock(r.at)}` })}</td>
              <td className="num"><Money of={r.open} zero /></td>
              <td className={r.open === 0n && r.confirmed ? 'proved' : undefined}>
                {clauses(r.open === 0n ? say('stateClear') : say('stateOpen'), r.confirmed ? say('stateConfirmed') : say('stateUnconfirmed'))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Balance({ of }: { of: Body }) {
  const t = of.tieOut;
  const postings = of.postings ?? [];
  return (
    <Panel
      title={say('balance')}
      foot={
        <>
          {postings.length > 0 && <Proof holds={sum(postings.map((p) => p.amount)) === 0n}>{say('proofEntries', { n: postings.length })}</Proof>}
          <Proof holds={t.ties}>{say('proofTrail', { n: of.events?.length ?? 0 })}</Proof>
          <DrillProof sum={t.open} />
        </>
      }
    >
      <Sums
        rows={[
          { label: say('charges'), value: money(t.gross) },
          { label: say('credited'), value: money(-fen(t.credited)) },
          { label: say('transferred'), value: money(-fen(t.transferred)) },
          { label: say('paid'), value: money(-fen(t.paid)) },
          ...(fen(t.writtenOff) ? [{ label: say('writtenOffOf'), value: money(-fen(t.writtenOff)) }] : []),
          { label: say('stillOpen'), value: money(t.open), total: true },
        ]}
      />
    </Panel>
  );
}

function Postings({ of }: { of: Posting[] }) {
  const { set } = useAddress();
  return (
    <Table
      label={say('postings')}
      rows={of}
      id={(p) => `${p.position}/${p.line}`}
      columns={[
        { key: 'on', head: say('day'), kind: 'day', value: (p) => p.on },
        { key: 'event', head: say('event'), cell: (p) => <button type="button" className="plain link" onClick={() => set({ event: String(p.position) }, true)}>{nameOf('names.Event', p.event)}</button> },
        { key: 'account', head: say('account'), value: (p) => `${p.account} ${nameOf('books.LedgerAccount', p.account)}` },
        { key: 'debit', head: say('debit'), kind: 'money', lead: true, value: (p) => (fen(p.amount) > 0n ? p.amount : '0') },
        { key: 'credit', head: say('credit'), kind: 'money', lead: true, value: (p) => (fen(p.amount) < 0n ? yuan(-fen(p.amount)) : '0') },
        { key: 'who', head: say('by'), wide: true, kind: 'name', value: (p) => personOf(p, 'actor') },
      ]}
      totals={{
        label: say('total'),
        cells: {
          debit: <Money of={of.reduce((t, p) => (fen(p.amount) > 0n ? t + fen(p.amount) : t), 0n)} />,
          credit: <Money of={of.reduce((t, p) => (fen(p.amount) < 0n ? t - fen(p.amount) : t), 0n)} />,
        },
      }}
      proofs={[{ says: say('proofEntries', { n: of.length }), holds: sum(of.map((p) => p.amount)) === 0n, of: of.map((p) => p.amount), columns: ['debit', 'credit'] }]}
    />
  );
}

function CopyLink() {
  return <Button onClick={() => void navigator.clipboard.writeText(location.href)}>{say('copy')}</Button>;
}
