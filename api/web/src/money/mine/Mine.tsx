import { memo, useId, useMemo, useState } from 'react';
import { nameOf, namesVersion } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, GoButton, type Tone } from '@/kit/Basics';
import { daysBetween, longDay, quarterName, shortDay, today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { PrintButton } from '@/kit/Export';
import { Files, FilesInput, type Kept } from '@/kit/File';
import { Form } from '@/kit/Form';
import { count, fen, isZero, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperLink } from '@/kit/Paper';
import { Sums, type Addend } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Answered, State } from '@/kit/States';
import { useView, type Answer } from '@/kit/view';
import { headed, language } from '@/kit/words';
import { useSession } from '@/shell/session';
import { Prove } from './Prove';
import { standing, useDecisions, type Decision } from './draft';
import './mine.css';
import { say } from './say';

type Version = NonNullable<Answer<'/v1/centers/{center}/statements/{quarter}'>['versions']>[number];
type Awaited = NonNullable<Version['awaiting']>[number];
type Listed = NonNullable<Answer<'/v1/statements'>['rows']>[number];

const tones: Record<string, Tone> = { CONFIRMED: 'good', PARTLY_CONFIRMED: 'bad', ISSUED: 'watch', REOPENED: 'watch' };

/** A center's own statement, as it opens from the mail: seen, ticked or disputed line by line, signed. */
export default function Mine() {
  const { get, set, to } = useAddress();
  const session = useSession();
  const ofCenter = (session?.role ?? '').startsWith('center-');
  const opened = session?.statement;
  const list = useView('/v1/statements', { query: { limit: 1000 }, uncut: true, when: ofCenter && !opened });
  // The link of a mail opens one statement: no other is asked for.
  if (opened) return <Statement of={opened} all={[]} onQuarter={() => undefined} />;
  if (!ofCenter)
    return (
      <Page title={say('mine')}>
        <State title={say('notCenter')} actions={<GoButton to={to('/statements')}>{say('board')}</GoButton>} />
      </Page>
    );
  const issued = (list.data?.rows ?? []).filter((r) => r.statement && r.status !== 'NOT_ISSUED').sort((a, b) => ((a.quarter ?? '') < (b.quarter ?? '') ? 1 : -1));
  // The oldest that waits for its answer comes first: the next builds on it.
  const shown = issued.find((r) => r.quarter === get('quarter')) ?? issued.filter((r) => r.status === 'ISSUED').at(-1) ?? issued[0];
  if (!list.data || list.error || !shown)
    return (
      <Page of={list} title={say('mine')}>
        <Answered of={list}>{() => <State title={say('none')}><p>{say('noneHelp')}</p></State>}</Answered>
      </Page>
    );
  return <Statement key={shown.statement} of={shown} all={issued} onQuarter={(quarter) => set({ quarter })} />;
}

function Statement({ of, all, onQuarter }: { of: Pick<Listed, 'center' | 'quarter'> & { name?: string }; all: Listed[]; onQuarter: (quarter: string) => void }) {
  const [center, quarter] = [of.center ?? '', of.quarter ?? ''];
  const q = useView('/v1/centers/{center}/statements/{quarter}', { path: { center, quarter }, uncut: true });
  const v = q.data?.versions?.at(-1);
  // Quarters are confirmed in their order.
  const before = all.filter((r) => (r.quarter ?? '') < quarter && r.status !== 'CONFIRMED' && r.status !== 'PARTLY_CONFIRMED').at(-1);
  const over = v?.replyBy ? daysBetween(v.replyBy, today()) : 0;
  return (
    <Page
      of={q}
      title={v?.name ?? of.name ?? center}
      finding={
        v && (
          <>
            {say('finding', { quarter: quarterName(quarter), n: v.version })} · <Badge tone={tones[v.status] ?? 'plain'}>{nameOf('account.StatementStatus', v.status)}</Badge>
          </>
        )
      }
      help={
        v &&
        (v.answeredOn
          ? say('helpDone', { day: longDay(v.answeredOn) })
          : v.status !== 'ISSUED'
            ? say('helpGone')
            : over > 0
              ? <span className="late">{say('helpLate', { day: longDay(v.replyBy ?? ''), n: count(over) })}</span>
              : say('help', { day: longDay(v.replyBy ?? '') }))
      }
      {...(all.length > 1 && {
        filters: <Chips label={say('quarters')} value={quarter} onChoose={onQuarter} choices={all.map((r) => ({ value: r.quarter ?? '', label: `${r.quarter ?? ''} ${nameOf('account.StatementStatus', r.status)}` }))} />,
      })}
      actions={
        v && (
          <>
            <PaperLink path={`/v1/centers/${center}/statements/${quarter}/form`} query={{ format: 'pdf', version: String(v.version) }}>{say('paper')}</PaperLink>
            <PrintButton />
          </>
        )
      }
    >
      <Answered of={q} rows={10}>{() => v && <Told of={v} center={center} quarter={quarter} before={before} />}</Answered>
    </Page>
  );
}

const disputeOf = (charge: string, d: Decision | undefined) => ({ charge, reason: d?.reason ?? '', ...(d?.papers?.length && { papers: d.papers.map((p) => p.sha256) }) });

/** Whether a line still asks for the center's word. */
const asks = (a: Awaited) => !a.takenBack && !a.disputed && !a.dispute;

function Told({ of: v, center, quarter, before }: { of: Version; center: string; quarter: string; before: Listed | undefined }) {
  const session = useSession();
  const role = session?.role;
  const answers = v.status === 'ISSUED' && (role === 'center-head' || role === 'center-maintenance');
  const awaiting = useMemo(() => v.awaiting ?? [], [v]);
  const amounts = useMemo(() => new Map((v.lines ?? []).filter((l) => l.type === 'CHARGE').map((l) => [l.charge ?? '', l.amount])), [v]);
  /** What the line says; of an earlier quarter's charge, what is open of it. */
  const amount = (a: Awaited) => amounts.get(a.charge) ?? a.open;
  const asked = useMemo(() => awaiting.filter(asks), [awaiting]);
  const { all, decide, clear, restored } = useDecisions(v.statement);
  const decided = standing(all, asked);
  const [signing, sign] = useState(false);
  const disputes = asked.filter((a) => decided[a.charge]?.reason !== undefined);
  const open = asked.filter((a) => !decided[a.charge]);
  const groups = useMemo(() => {
    const by = new Map<string, Awaited[]>([[quarter, []]]);
    for (const a of awaiting) by.set(a.origin, [...(by.get(a.origin) ?? []), a]);
    return [...by].filter(([, own]) => own.length).sort(([a], [b]) => (a === quarter ? -1 : b === quarter ? 1 : a < b ? 1 : -1));
  }, [awaiting, quarter]);
  const confirmAll = (lines: Awaited[]) => decide(Object.fromEntries(lines.map((a) => [a.charge, { open: a.open }])));
  const others = (v.lines ?? []).filter((l) => !awaiting.some((a) => a.charge === l.charge));
  return (
    <div className="mine">
      <div className="mine-sums"><Sums rows={sums(v)} /></div>
      {answers && before && (
        <p className="notice" data-tone="watch">
          {before.status === 'ISSUED' ? say('first', { quarter: quarterName(before.quarter ?? '') }) : say('firstWaits', { quarter: quarterName(before.quarter ?? '') })}
        </p>
      )}
      {answers && restored && open.length < asked.length && <p className="soft">{say('restored')}</p>}
      {groups.map(([origin, own]) => {
        const rest = own.filter((a) => asks(a) && !decided[a.charge]);
        return (
          <section key={origin} aria-label={origin}>
            <header className="asks-head">
              <h2>
                {origin === quarter ? say('thisQuarter', { n: count(own.length) }) : say('earlier', { quarter: quarterName(origin), n: count(own.length) })} <span className="soft">{money(sum(own.map(amount)))}</span>
              </h2>
              {answers && rest.length > 1 && origin !== quarter && <Button onClick={() => confirmAll(rest)}>{say('confirmGroup', { n: count(rest.length) })}</Button>}
            </header>
            <ol className="asks">
              {own.map((a) => (
                <Ask key={a.charge} of={a} amount={amount(a)} version={v} decision={decided[a.charge]} answers={answers} decide={decide} said={`${language()} ${namesVersion()}`} />
              ))}
            </ol>
          </section>
        );
      })}
      {others.length > 0 && (
        <details className="asks-others">
          <summary>{say('others', { n: count(others.length) })}</summary>
          <ol className="asks">
            {others.map((l, i) => (
              <li key={`${l.document} ${i}`}>
                <div className="ask">
                  <span className="ask-text">{l.text || nameOf('account.MovementType', l.type)}</span>
                  <span className="ask-where">{[shortDay(l.on), l.document, l.project, l.room].filter(Boolean).join(' · ')}</span>
                  <span className="ask-amount">{money(l.amount)}</span>
                </div>
              </li>
            ))}
          </ol>
        </details>
      )}
      {answers && (
        <div className="mine-bar" role="region" aria-label={say('answer')}>
          <p role="status">
            {say('seen', { done: count(asked.length - open.length), all: count(asked.length) })}
            {disputes.length > 0 && <span className="wrong"> · {say('doubted', { n: count(disputes.length), sum: money(sum(disputes.map(amount))) })}</span>}
            <span className="soft right">{say('saved')}</span>
          </p>
          <div className="mine-acts">
            {open.length > 0 && <Button onClick={() => confirmAll(open)}>{say('confirmRest', { n: count(open.length) })}</Button>}
            <Button kind="main" disabled={open.length > 0} title={open.length ? say('left', { n: count(open.length) }) : undefined} onClick={() => sign(true)}>{say('sign')}</Button>
          </div>
        </div>
      )}
      {signing && (
        <Dialog open onClose={() => sign(false)} title={say('signTitle', { quarter: quarterName(quarter) })}>
          <Sums
            rows={[
              { label: say('willConfirm', { n: count(asked.length - disputes.length) }), value: money(sum(asked.filter((a) => !disputes.includes(a)).map(amount))), tone: 'proved' },
              { label: say('willDispute', { n: count(disputes.length) }), value: money(sum(disputes.map(amount))), tone: disputes.length ? 'wrong' : undefined },
            ]}
          />
          <ul className="points">{disputes.map((a) => <li key={a.charge}>{headed(`${a.service} ${money(amount(a))}`, decided[a.charge]?.reason ?? '')} <span className="soft">{decided[a.charge]?.papers?.map((p) => p.name).join(' ')}</span></li>)}</ul>
          <p className="soft">{say('signHelp', { name: v.name })}</p>
          {session?.beforeChange === 'prove-by-code' ? <Prove onCancel={() => sign(false)} /> : <Form
            command="/v1/centers/{center}/statements/{quarter}/confirm"
            params={{ center, quarter }}
            body={() => ({ version: v.version, disputes: disputes.map((a) => disputeOf(a.charge, decided[a.charge])) })}
            draft={`answer.${v.statement}`}
            submit={say('doSign', { n: count(asked.length - disputes.length), m: count(disputes.length) })}
            onDone={() => {
              clear();
              sign(false);
            }}
            onCancel={() => sign(false)}
          >
            {null}
          </Form>}
        </Dialog>
      )}
    </div>
  );
}

function sums(v: Version): Addend[] {
  const lines = v.lines ?? [];
  const some = (label: string, amount: string, sign: 1 | -1 = 1): Addend[] => (fen(amount) === 0n ? [] : [{ label, value: money(sign < 0 ? -fen(amount) : fen(amount)) }]);
  const late = lines.filter((l) => l.type === 'CHARGE' && l.origin && l.origin !== v.quarter).length;
  return [
    { label: say('opening'), value: money(v.opening) },
    { label: say('charges', { n: count(lines.filter((l) => l.type === 'CHARGE').length - late) }), value: money(v.charges) },
    ...some(say('late', { n: count(late) }), v.late),
    ...some(say('transfersIn'), v.transfersIn),
    ...some(say('transfersOut'), v.transfersOut, -1),
    ...some(say('credits'), v.credits, -1),
    { label: say('receipts', { n: count(lines.filter((l) => l.type === 'RECEIPT').length) }), value: money(-fen(v.receipts)) },
    ...some(say('reversals'), v.reversals),
    { label: say('closing'), value: money(v.closing), total: true },
    ...(v.answer
      ? ([
          { label: say('confirmed'), value: money(v.answer.confirmed), tone: 'proved' },
          { label: say('disputed'), value: money(v.answer.disputed), tone: fen(v.answer.disputed) === 0n ? undefined : 'wrong' },
          ...some(say('before'), v.answer.confirmedBefore),
          ...some(say('unapplied'), v.answer.unapplied, -1),
        ] satisfies Addend[])
      : [{ label: say('asked'), value: money(v.makeup.asked.owed) }, ...some(say('before'), v.makeup.confirmedBefore.owed), ...some(say('unapplied'), v.makeup.unapplied, -1)]),
  ];
}

const reasons = ['reason1', 'reason2', 'reason3', 'reason4'] as const;

interface AskProps {
  of: Awaited;
  amount: string;
  version: Version;
  decision: Decision | undefined;
  answers: boolean;
  decide: (changes: Record<string, Decision | undefined>) => void;
  /** The language and the names it is said in: it is drawn again when they change. */
  said: string;
}

/** One line that asks for the center's word: two buttons, or what was said and a way to change it. */
const Ask = memo(function Ask({ of: a, amount, version, decision, answers, decide }: AskProps) {
  const [doubting, doubt] = useState(false);
  const done = version.status === 'CONFIRMED' || version.status === 'PARTLY_CONFIRMED';
  return (
    <li data-state={decision ? (decision.reason === undefined ? 'confirmed' : 'disputed') : undefined}>
      <div className="ask">
        <span className="ask-text">{a.service}</span>
        <span className="ask-where">{[shortDay(a.on), `${a.project} ${a.room ?? ''}`, a.charge].join(' · ')}</span>
        <span className="ask-amount">
          {money(amount)}
          <small>{isZero(a.open) ? say('paid') : amount === a.open ? say('unpaid') : say('stillOpen', { open: money(a.open) })}</small>
        </span>
        <span className="ask-answer">
          {!asks(a) ? (
            <Ended of={a} />
          ) : decision ? (
            <>
              <span className={decision.reason === undefined ? 'proved' : 'wrong'}>{decision.reason === undefined ? `✓ ${say('isConfirmed')}` : say('isDisputed', { reason: decision.reason })}{!!decision.papers?.length && ` · ${say('withPapers', { n: count(decision.papers.length) })}`}</span>{' '}
              {answers && (
                <Button
                  kind="quiet"
                  onClick={() => {
                    if (decision.reason === undefined) decide({ [a.charge]: undefined });
                    else doubt(true);
                  }}
                >
                  {say('change')}
                </Button>
              )}
            </>
          ) : done ? (
            <span className="proved">✓ {say('isConfirmed')}</span>
          ) : answers && !doubting ? (
            <span className="ask-two">
              <Button onClick={() => decide({ [a.charge]: { open: a.open } })} aria-label={`${say('confirm')} ${a.service} ${money(amount)}`}>{say('confirm')}</Button>
              <Button onClick={() => doubt(true)} aria-label={`${say('doubt')} ${a.service} ${money(amount)}`}>{say('doubt')}</Button>
            </span>
          ) : null}
        </span>
      </div>
      {doubting && (
        <Doubt
          charge={a.charge}
          start={decision}
          onKeep={(reason, papers) => {
            decide({ [a.charge]: { open: a.open, reason, ...(papers.length && { papers }) } });
            doubt(false);
          }}
          onCancel={() => doubt(false)}
          onConfirm={decision?.reason === undefined ? undefined : () => {
            decide({ [a.charge]: { open: a.open } });
            doubt(false);
          }}
        />
      )}
    </li>
  );
});

/** What became of a line that asks for nothing any more. */
function Ended({ of: a }: { of: Awaited }) {
  const d = a.dispute;
  const byLink = useSession()?.statement; // good for the statement alone
  if (!d) return <span className="soft">{a.takenBack ? say('takenBack') : say('wasDisputed')}</span>;
  return (
    <span>
      <span className={d.end ? 'soft' : 'wrong'}>{!d.end ? say('wasDisputed') : d.end === 'CREDITED' ? say('credited', { amount: money(d.credited ?? '0') }) : d.end === 'REJECTED' ? say('rejected') : d.went ? say('movedTo', d.went) : say('moved')}</span>
      <span className="talk">
        {say('wasDisputedWhy', { reason: d.reason, by: personOf(d, 'by'), day: shortDay(d.on) })} <Files of={d.papers} named={!!byLink} />
        {d.endedOn && d.endReason && <><br />→ {say('settled', { day: shortDay(d.endedOn), reason: d.endReason })}</>}
      </span>
    </span>
  );
}

function Doubt({ charge, start, onKeep, onCancel, onConfirm }: { charge: string; start: Decision | undefined; onKeep: (reason: string, papers: Kept[]) => void; onCancel: () => void; onConfirm?: (() => void) | undefined }) {
  const kept = `ledger.doubt.${charge}`;
  const [reason, type] = useState(() => sessionStorage.getItem(kept) ?? start?.reason ?? '');
  const [papers, bring] = useState(start?.papers ?? []);
  const [sending, send] = useState(false); // what bears it out is waited for
  const [proving, prove] = useState(false);
  const unproven = useSession()?.beforeChange === 'prove-by-code';
  const [tried, attempt] = useState(false);
  const id = useId();
  const wrong = tried && !reason.trim();
  const change = (text: string) => {
    type(text);
    sessionStorage.setItem(kept, text);
  };
  const leave = (act: () => void) => {
    sessionStorage.removeItem(kept);
    act();
  };
  return (
    <form
      className="form doubt"
      onSubmit={(e) => {
        e.preventDefault();
        attempt(true);
        if (reason.trim() && !sending) leave(() => onKeep(reason.trim(), papers));
      }}
    >
      <div className="chips">
        {reasons.map((r) => <button key={r} type="button" className="chip" aria-pressed={reason === say(r)} onClick={() => change(say(r))}>{say(r)}</button>)}
      </div>
      <div className="field" data-invalid={wrong || undefined}>
        <label htmlFor={id}>{say('why')}</label>
        <textarea id={id} value={reason} maxLength={500} autoFocus aria-invalid={wrong || undefined} aria-describedby={`${id}-below`} onChange={(e) => change(e.target.value)} />
        <div className={wrong ? 'below error' : 'below'} id={`${id}-below`}>{wrong ? say('wanted') : say('whyHint')}</div>
      </div>
      {unproven ? <p><Button onClick={() => prove(true)}>{say('bringProve')}</Button></p> : <FilesInput label={say('bring')} files={papers} onChange={bring} onBusy={send} />}
      {proving && unproven && (
        <Dialog open onClose={() => prove(false)} title={say('bringProve')}>
          <Prove onCancel={() => prove(false)} />
        </Dialog>
      )}
      <div className="form-end">
        <Button type="submit" kind="main" busy={sending}>{say('keep')}</Button>
        {onConfirm && <Button onClick={() => leave(onConfirm)}>{say('confirm')}</Button>}
        <Button onClick={() => leave(onCancel)}>{say('cancel')}</Button>
      </div>
    </form>
  );
}
