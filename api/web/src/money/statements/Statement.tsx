import { useMemo, useState, type ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { backAt, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { dayOf, longDay, quarterName, shortDay, today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { Files } from '@/kit/File';
import { amountOf, DayField, dayOfField, Form, MoneyField, TextField } from '@/kit/Form';
import { fen, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { Panel, Sums, type Addend } from '@/kit/Panel';
import { Answered, Empty, Seen, State } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { Timeline, type Step } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { within } from '@/kit/words';
import { useSession } from '@/shell/session';
import { Links } from './Links';
import { asOnPaper, blockOf } from './blocks';
import { PaperReply } from './PaperReply';
import { say } from './say';
import { versionsThen } from './then';

type Body = Answer<'/v1/centers/{center}/statements/{quarter}'>;
type Version = NonNullable<Body['versions']>[number];
type Line = NonNullable<Version['lines']>[number];
type Awaited = NonNullable<Version['awaiting']>[number];

/** A line with what the center says of it. */
interface Row {
  id: string;
  line: Line;
  awaited: Awaited | undefined;
  fresh: boolean;
}

export default function Statement() {
  const { center = '', quarter = '' } = useParams<{ center: string; quarter: string }>();
  const { cut, to } = useAddress();
  const back = backAt(cut);
  // A version is what it was when it was issued; which there were, and what had been said of them, is of the day.
  const q = useView('/v1/centers/{center}/statements/{quarter}', { path: { center, quarter }, uncut: true });
  const issued = q.data?.versions ?? [];
  const versions = q.data && (back ? versionsThen(issued, back) : [...issued, ...(q.data.draft ? [q.data.draft] : [])]);
  return versions?.length && !q.error ? (
    <Seen.Provider value={q.seen}>
      <Told versions={versions} last={issued.at(-1)} center={center} quarter={quarter} stale={q.isPlaceholderData} />
    </Seen.Provider>
  ) : (
    <Page of={q} title={say('statements')} crumbs={[{ label: say('statements'), to: to('/statements', { quarter }) }, { label: center }]}>
      <Answered of={q}>{() => (back ? <State title={say('noneThen', { day: longDay(back) })} /> : <Empty>{say('none')}</Empty>)}</Answered>
    </Page>
  );
}

const answered = (v: Version) => v.status === 'CONFIRMED' || v.status === 'PARTLY_CONFIRMED';
const tones: Record<string, Tone> = { CONFIRMED: 'good', PARTLY_CONFIRMED: 'bad', ISSUED: 'watch', REOPENED: 'watch' };
/** Disputed when the version was issued, or since. */
const contested = (a: Awaited | undefined) => Boolean(a?.disputed || a?.dispute);
const openDispute = (a: Awaited | undefined) => contested(a) && !a?.dispute?.end;
const idOf = (l: Line, i: number) => `${l.type} ${l.document} ${l.charge ?? ''} ${i}`;

function Told({ versions, last, center, quarter, stale }: { versions: Version[]; /** The latest version there is by now, whatever day is looked at. */ last: Version | undefined; center: string; quarter: string; stale: boolean }) {
  const { get, set, to } = useAddress();
  const session = useSession();
  const [reopening, reopen] = useState(false);
  const [entering, enter] = useState(false);
  const issued = versions.filter((v) => v.status !== 'DRAFT');
  const latest = issued.at(-1) ?? versions[0];
  const shown = versions.find((v) => (v.status === 'DRAFT' ? 'draft' : String(v.version)) === get('version')) ?? latest;
  const before = issued.find((v) => v.version === (shown?.version ?? 0) - 1);
  const rows = useMemo(() => {
    const awaited = new Map((shown?.awaiting ?? []).map((a) => [a.charge, a]));
    const old = new Set((before?.lines ?? []).map((l) => `${l.document} ${l.amount}`));
    return asOnPaper(shown?.lines ?? [], quarter, shown?.opening ?? '0').map((line, i): Row => ({ id: idOf(line, i), line, awaited: awaited.get(line.charge ?? ''), fresh: before !== undefined && !old.has(`${line.document} ${line.amount}`) }));
  }, [shown, before, quarter]);
  if (!shown) return null;
  // What is done is done to the version that stands now.
  const current = last !== undefined && shown.status !== 'DRAFT' && shown.version === last.version;
  // Disputes of lines of earlier quarters stand in the version's list only.
  const elsewhere = (shown.awaiting ?? []).filter((a) => contested(a) && !rows.some((r) => r.line.charge === a.charge));
  const which = get('lines');
  const visible = rows.filter((r) => (which === 'disputed' ? contested(r.awaited) : which === 'late' ? r.line.origin && r.line.origin !== quarter : which === 'new' ? r.fresh : true));
  const chosen = (shown.awaiting ?? []).find((a) => a.charge === get('line') && contested(a));
  const papers: Paper[] = [{ key: 'statement', label: say('paper'), path: `/v1/centers/${center}/statements/${quarter}/form`, query: shown.status === 'DRAFT' ? { draft: 'true' } : { version: String(shown.version) } }];
  return (
    <Page
      title={say('title', { name: shown.name ?? center })}
      finding={
        <>
          {shown.status === 'DRAFT' ? say('draftLine', { quarter: quarterName(quarter) }) : say('versionLine', { quarter: quarterName(quarter), n: shown.version, issued: shortDay(shown.issuedOn ?? '') })}
          {' · '}
          <Badge tone={tones[shown.status ?? ''] ?? 'plain'}>{nameOf('account.StatementStatus', shown.status)}</Badge>
        </>
      }
      help={say('statementHelp')}
      crumbs={[{ label: say('board', { quarter: quarterName(quarter) }), to: to('/statements', { quarter }) }, { label: shown.name ?? center, to: to(`/centers/${center}`) }]}
      filters={
        <>
          <Chips
            at="lines"
            label={say('lineKinds')}
            value={which}
            onChoose={(v) => set({ lines: v })}
            choices={[
              { value: '', label: say('lines'), count: rows.length },
              { value: 'disputed', label: say('everDisputed'), count: rows.filter((r) => contested(r.awaited)).length + elsewhere.length },
              { value: 'late', label: say('lateLines'), count: rows.filter((r) => r.line.origin && r.line.origin !== quarter).length },
              ...(before ? [{ value: 'new', label: say('different'), count: rows.filter((r) => r.fresh).length }] : []),
            ]}
          />
          <Chips
            at="version"
            label={say('version')}
            value={shown.status === 'DRAFT' ? 'draft' : String(shown.version)}
            onChoose={(v) => set({ version: v === String(latest?.version) && latest?.status !== 'DRAFT' ? '' : v })}
            choices={versions.map((v) => ({ value: v.status === 'DRAFT' ? 'draft' : String(v.version), label: v.status === 'DRAFT' ? say('draft') : say('nth', { n: v.version }) }))}
          />
        </>
      }
      actions={
        <>
          <PaperButtons papers={papers} />
          {current && last.status === 'ISSUED' && session?.role === 'regional-admin' && <Button onClick={() => enter(true)}>{say('paperReply')}</Button>}
          {current && answered(last) && session?.role === 'department-manager' && <Button kind="danger" onClick={() => reopen(true)}>{say('reopen')}</Button>}
        </>
      }
    >
      {entering && <PaperReply center={center} quarter={quarter} version={shown.version} onClose={() => enter(false)} />}
      {answered(shown) && shown.way && (
        <p className="soft">
          {say(shown.way === 'NOT_RECORDED' ? 'answeredThen' : 'cameBy', { way: within(nameOf('account.Way', shown.way)), who: personOf(shown, 'answeredBy'), on: longDay(shown.answeredOn ?? '') })}
          {shown.enteredBy && say('enteredBy', { who: personOf(shown, 'enteredBy'), day: longDay(shown.signedOn ?? '') })}{' '}
          {shown.scan && <Files of={[shown.scan]} />}
        </p>
      )}
      <WithPaper papers={papers}>
      <div className={stale ? 'beside stale' : 'beside'}>
        <div className="stack">
          {elsewhere.length > 0 && which !== 'late' && which !== 'new' && (
            <Panel title={say('earlierDisputes')} bare>
              <ul className="cases">
                {elsewhere.map((a) => (
                  <li key={a.charge} data-active={a.charge === chosen?.charge || undefined}>
                    <button type="button" className="case" aria-pressed={a.charge === chosen?.charge} onClick={() => set({ line: a.charge === chosen?.charge ? '' : a.charge ?? '' }, true)}>
                      <span className="link">{a.charge}</span>
                      <span>
                        {[a.project, a.room, a.service].filter(Boolean).join(' ')}
                        <Talk of={a} named />
                      </span>
                      <Money of={a.open ?? '0'} />
                      <LineState of={a} version={shown} />
                    </button>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Table
            label={say('title', { name: shown.name ?? center })}
            columns={columns(shown, to)}
            rows={visible}
            id={(r) => r.id}
            active={rows.find((r) => r.line.charge === get('line'))?.id ?? ''}
            onActive={(r) => set({ line: r.line.charge === get('line') ? '' : r.line.charge ?? '' }, true)}
            {...(which === '' && {
              // All its lines go from the opening to the closing; some of them go from nowhere to nowhere.
              groupOf: (r: Row) => blockOf(r.line, quarter),
              group: (block: string) => ({
                label: [rows[0] && block === blockOf(rows[0].line, quarter) && say('opening'), block === 'late' ? say('lateCharges') : block === 'moved' ? say('movedLines') : ''].filter(Boolean).join(' · '),
                cells: { balance: rows[0] && block === blockOf(rows[0].line, quarter) ? <Money of={shown.opening} zero /> : null },
              }),
              totals: { label: say('closing'), cells: { balance: <Money of={shown.closing} zero /> } },
            })}
            count={visible.length}
          />
          {session && !session.role.startsWith('center-') && <RecordLife streams={[`account-${center}`]} names={`${center}-${quarter}`} />}
        </div>
        <div className="side">
          {chosen && openDispute(chosen) && openDispute(last?.awaiting?.find((a) => a.charge === chosen.charge)) && shown.status !== 'DRAFT' && <Settle center={center} of={chosen} billed={rows.find((r) => r.line.charge === chosen.charge)?.line.amount} />}
          <TieOut of={shown} />
          {current && last.status === 'ISSUED' && session?.role === 'regional-admin' && <Links center={center} quarter={quarter} />}
          <Bridge center={center} quarter={quarter} />
          <History versions={issued} />
        </div>
      </div>
      </WithPaper>
      {reopening && (
        <Dialog open onClose={() => reopen(false)} title={say('reopenTitle')}>
          <p className="soft">{say('reopenHelp')}</p>
          <Form
            command="/v1/centers/{center}/statements/{quarter}/reopen"
            params={{ center, quarter }}
            body={(v) => ({ reason: v.reason ?? '' })}
            draft={`reopen.${center}.${quarter}`}
            submit={say('doReopen')}
            kind="danger"
            onDone={() => reopen(false)}
            onCancel={() => reopen(false)}
          >
            <TextField name="reason" label={say('reason')} required lines />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

/** How a dispute ended. */
const ended = (end: 'CREDITED' | 'REJECTED' | 'MOVED') =>
  say(({ CREDITED: 'lineCredited', REJECTED: 'lineRejected', MOVED: 'lineMoved' } as const)[end]);

function LineState({ of, version }: { of: Awaited | undefined; version: Version }) {
  if (!of) return null;
  if (of.dispute?.end) return <Badge tone={of.dispute.end === 'CREDITED' ? 'good' : 'plain'}>{ended(of.dispute.end)}</Badge>;
  if (contested(of)) return <Badge tone="bad">{say('lineDisputed')}</Badge>;
  if (answered(version)) return <Badge tone="good">{say('lineConfirmed')}</Badge>;
  return <Badge>{say('lineWaits')}</Badge>;
}

/** Where a charge went with its project, and its dispute with it. */
function Gone({ to }: { to: Line['went'] }) {
  if (!to) return null;
  return (
    <span className="talk">
      {say('wentTo', to)}
      {to.disputed && <> · {say('goesOn', to)}</>}
    </span>
  );
}

/** What both sides said of a disputed line. */
function Talk({ of, named = false }: { of: Awaited | undefined; named?: boolean }) {
  const d = of?.dispute;
  if (!d) return null;
  return (
    <span className="talk">
      {say('quote', { reason: d.reason ?? '', by: personOf(d, 'by'), day: shortDay(d.on ?? '') })} <Files of={d.papers} named={named} />
      {d.went && (
        <>
          <br />→ {say('wentTo', d.went)} · {say('goesOn', d.went)}
        </>
      )}
      {d.endedOn && (
        <>
          <br />→ {say('reply', { day: shortDay(d.endedOn), reason: d.endReason ?? '' })}
        </>
      )}
    </span>
  );
}

/** Where what a line is of is shown. */
const placeOf = (l: Line, center: string): string | undefined =>
  l.charge ? `/charges/${center}/${l.charge}` : l.type === 'RECEIPT' ? `/payments/${center}/${encodeURIComponent(l.document)}` : undefined;

function columns(version: Version, to: ReturnType<typeof useAddress>['to']): Column<Row>[] {
  return [
    { key: 'on', head: say('date'), kind: 'day', value: (r) => r.line.on },
    {
      key: 'document',
      head: say('document'),
      kind: 'tight',
      cell: (r) => {
        const place = placeOf(r.line, version.center);
        return place ? <Link href={to(place)}>{r.line.document}</Link> : r.line.document;
      },
    },
    { key: 'where', head: say('where'), value: (r) => [r.line.project, r.line.room].filter(Boolean).join(' ') },
    {
      key: 'text',
      head: say('text'),
      cell: (r) => (
        <>
          {r.line.text} {r.line.origin && r.line.origin !== version.quarter && <Badge tone="watch">{say('lateLines')}</Badge>}
          <Gone to={r.line.went} />
          <Talk of={r.awaited} />
        </>
      ),
    },
    { key: 'amount', head: say('amount'), kind: 'money', lead: true, value: (r) => r.line.amount },
    { key: 'balance', head: say('balance'), kind: 'money', value: (r) => r.line.balance },
    { key: 'answer', head: say('theirAnswer'), kind: 'tight', cell: (r) => <LineState of={r.awaited} version={version} /> },
  ];
}

/** How the closing figure came about, and what was said of it. */
function TieOut({ of: v }: { of: Version }) {
  const minus = (amount: string) => money(-fen(amount));
  const some = (label: ReactNode, amount: string | undefined, sign: 1 | -1 = 1): Addend[] => (amount && fen(amount) !== 0n ? [{ label, value: sign < 0 ? minus(amount) : money(amount) }] : []);
  const a = v.answer;
  return (
    <Panel title={say('tie')}>
      <Sums
        rows={[
          { label: say('opening'), value: money(v.opening) },
          { label: say('charges'), value: money(v.charges) },
          ...some(say('lateCharges'), v.late),
          ...some(say('transfersIn'), v.transfersIn),
          ...some(say('transfersOut'), v.transfersOut, -1),
          ...some(say('credits'), v.credits, -1),
          { label: say('receipts'), value: minus(v.receipts) },
          ...some(say('reversals'), v.reversals),
          { label: say('closing'), value: money(v.closing), total: true },
          ...(a
            ? ([
                { label: say('confirmed'), value: money(a.confirmed), tone: 'proved' },
                ...some(say('confirmedBefore'), a.confirmedBefore),
                { label: say('disputed'), value: money(a.disputed), tone: fen(a.disputed) === 0n ? undefined : 'wrong' },
                ...some(say('unapplied'), a.unapplied, -1),
                ...some(say('disputedPaid'), a.disputedPaid, -1),
              ] satisfies Addend[])
            : [
                { label: say('asked'), value: money(v.makeup.asked.owed) },
                ...some(say('confirmedBefore'), v.makeup.confirmedBefore.owed),
                ...some(say('unapplied'), v.makeup.unapplied, -1),
                { label: say('unanswered'), value: v.replyBy ? say('replyBy', { day: shortDay(v.replyBy) }) : '' },
              ]),
        ]}
      />
    </Panel>
  );
}

/** From the lists F3 of the months to the charges of the quarter. */
function Bridge({ center, quarter }: { center: string; quarter: string }) {
  const q = useView('/v1/charge-reports/bridge', { query: { center, quarter } });
  const r = q.data?.rows?.[0];
  if (!r) return null;
  const row = (label: string, amount: string, sign: 1 | -1 = 1): Addend[] => (fen(amount) === 0n ? [] : [{ label, value: money(sign < 0 ? -fen(amount) : amount) }]);
  return (
    <Panel title={say('bridge')}>
      <Sums
        rows={[
          { label: say('listed'), value: money(r.listed) },
          ...row(say('ofEarlier'), r.ofEarlier, -1),
          ...row(say('ofLater'), r.ofLater, -1),
          ...row(say('listedElsewhere'), r.listedElsewhere),
          ...row(say('notListed'), r.notListed),
          { label: say('bridgeTotal'), value: money(r.charges), total: true },
        ]}
      />
    </Panel>
  );
}

/** What went back and forth about the quarter. */
function History({ versions }: { versions: Version[] }) {
  const steps: Step[] = versions
    .flatMap((v): Step[] => [
      ...(v.issuedOn ? [{ key: `${v.version} issued`, day: v.issuedOn, what: say('hIssued', { n: v.version }), tone: 'plain' as const }] : []),
      ...(v.answeredOn
        ? [
            {
              key: `${v.version} answered`,
              day: v.answeredOn,
              what: v.status === 'PARTLY_CONFIRMED' ? say('hPartly', { by: personOf(v, 'answeredBy'), sum: money(v.answer?.disputed ?? '0') }) : say('hConfirmed', { by: personOf(v, 'answeredBy') }),
              tone: v.status === 'PARTLY_CONFIRMED' ? ('bad' as const) : ('good' as const),
            },
          ]
        : []),
      ...(v.report ? [{ key: `${v.version} reported`, day: v.report.on, what: say('hReported'), who: personOf(v.report, 'by'), tone: 'good' as const }] : []),
      ...(v.awaiting ?? []).flatMap((a): Step[] => [
        ...(a.dispute?.on ? [{ key: `${a.charge} ${a.dispute.on}`, day: a.dispute.on, what: say('hDispute', { charge: a.charge }), who: personOf(a.dispute, 'by'), tone: 'bad' as const }] : []),
        ...(a.dispute?.endedOn && a.dispute.end
          ? [{ key: `${a.charge} end ${a.dispute.endedOn}`, day: a.dispute.endedOn, what: say('hEnd', { charge: a.charge, end: ended(a.dispute.end) }), tone: 'good' as const }]
          : []),
      ]),
    ])
    .filter((s, i, all) => all.findIndex((o) => o.key.replace(/^\d+ /, '') === s.key.replace(/^\d+ /, '') && o.day === s.day) === i)
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  return (
    <Panel title={say('history')} bare>
      <Timeline steps={steps} />
    </Panel>
  );
}

/** Both ends of a dispute: agree with a credit note, or disagree with a reason. */
function Settle({ center, of, billed }: { center: string; of: Awaited; billed: string | undefined }) {
  // What is paid already is taken back as well: it becomes money of the center's again.
  const proposed = fen(of.open ?? '0') > 0n ? of.open : billed;
  const [way, go] = useState<'credit' | 'reject'>('credit');
  const { set } = useAddress();
  const params = { center, charge: of.charge };
  const done = () => set({ line: '' }, true);
  return (
    <Panel title={say('dispute', { charge: of.charge })} note={`${say('stillOpen')} ${money(of.open ?? '0')}`}>
      {of.dispute && <p>{say('quote', { reason: of.dispute.reason ?? '', by: personOf(of.dispute, 'by'), day: longDay(of.dispute.on ?? dayOf('')) })} <Files of={of.dispute.papers} /></p>}
      <Chips
        label={say('dispute', { charge: of.charge })}
        value={way}
        onChoose={(v) => go(v as 'credit')}
        choices={[
          { value: 'credit', label: say('credit') },
          { value: 'reject', label: say('reject') },
        ]}
      />
      {way === 'credit' ? (
        <Form
          key="credit"
          command="/v1/centers/{center}/charges/{charge}/credit-notes"
          params={params}
          start={{ amount: money(proposed ?? '0'), on: today() }}
          body={(v) => ({ amount: amountOf(v.amount), on: dayOfField(v.on), reason: v.reason ?? '' })}
          draft={`credit.${center}.${of.charge}`}
          submit={say('doCredit')}
          onDone={done}
        >
          <div className="field-row">
            <MoneyField name="amount" label={say('creditAmount')} required />
            <DayField name="on" label={say('creditOn')} required />
          </div>
          <TextField name="reason" label={say('reason')} hint={say('reasonHint')} required lines />
        </Form>
      ) : (
        <Form
          key="reject"
          command="/v1/centers/{center}/charges/{charge}/dispute-rejection"
          params={params}
          body={(v) => ({ reason: v.reason ?? '' })}
          draft={`reject.${center}.${of.charge}`}
          submit={say('doReject')}
          onDone={done}
        >
          <TextField name="reason" label={say('reason')} hint={say('reasonHint')} required lines />
        </Form>
      )}
    </Panel>
  );
}
