import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type DragEvent } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { Refused, type Problem } from '@/api/client';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Key, Money, type Tone } from '@/kit/Basics';
import { Meter } from '@/kit/Bars';
import { clock, now, shortDay } from '@/kit/dates';
import { SaveButton } from '@/kit/Export';
import { count, fen, money, sum, type Fen } from '@/kit/fen';
import { ActsToday, send } from '@/kit/Form';
import { useKeys } from '@/kit/keys';
import { Page } from '@/kit/Page';
import { Panel, Sums } from '@/kit/Panel';
import { State } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useView } from '@/kit/view';
import { language, listed, sentences } from '@/kit/words';
import { Reading, Remedy } from './Reading';
import { say } from './say';
import { agrees, became, canReread, close, goes, log, nextOpen, open as openFile, reach, reread, standOf, useSitting, type Act, type How, type Line, type Offer, type Sitting, type Stand } from './sitting';
import { Split, type Part } from './Split';
import './bank.css';

const problemFrom = (err: unknown): Problem => (err instanceof Refused ? err.problem : { type: '', title: '', status: 0, detail: '' });

export default function Bank() {
  const sitting = useSitting();
  const [name, naming] = useState<string>();
  const [problem, fail] = useState<Problem>();
  const [unread, hold] = useState<File>();
  const { get, set } = useAddress();
  const work = async (what: string, act: () => Promise<void>) => {
    naming(what);
    fail(undefined);
    try {
      await act();
      hold(undefined);
    } catch (err) {
      fail(problemFrom(err));
    }
    naming(undefined);
  };
  const take = (file: File | undefined) => {
    if (!file) return;
    hold(file);
    set({ view: 'read', line: '' }, true);
    void work(file.name, () => openFile(file));
  };
  const again = (how?: How) => void work(unread?.name ?? sitting?.name ?? '', () => reread(how, unread));
  const view = get('view');
  return (
    <Page
      title={say('title')}
      finding={sitting ? <Finding of={sitting} /> : say('none')}
      help={say('help')}
      filters={sitting && <Views of={sitting} />}
      actions={
        sitting && (
          <>
            {view === 'read' && <StartButton of={sitting} />}
            {canReread() && <Button busy={Boolean(name)} onClick={() => again()}>{say('reread')}</Button>}
            <Button onClick={close}>{say('finish')}</Button>
          </>
        )
      }
    >
      <div className="stack">
        {(!sitting || view === 'read') && <Drop take={take} name={sitting?.name} reading={name} />}
        {problem && (
          <div className="notice" data-tone="bad" role="alert">
            <h3>{problem.title || say('failed')}</h3>
            <p>{problem.detail || say('away')}</p>
            {problem.violations?.filter((v) => !problem.detail.includes(v.rule)).map((v, i) => <p key={i}>{[v.value, v.rule].filter(Boolean).join(' · ')}</p>)}
          </div>
        )}
        {problem && unread && problem.status === 422 && <Remedy how={{}} headings={[]} again={again} busy={Boolean(name)} />}
        {sitting && !(problem && unread) && (view === 'read' ? <Reading of={sitting} again={again} busy={Boolean(name)} /> : <Matching of={sitting} again={() => again()} />)}
      </div>
    </Page>
  );
}

const stands = (s: Sitting): Map<number, Stand> => new Map((s.read.lines ?? []).map((l) => [l.row, standOf(l, s.acts)]));

function Finding({ of: s }: { of: Sitting }) {
  const all = stands(s);
  const left = [...all.values()].filter((v) => v === 'open').length;
  const done = [...all.values()].filter((v) => v === 'booked' || v === 'sent').length;
  const n = count(s.read.credits.lines);
  return left ? say('finding', { file: s.name, n, done: count(done), open: count(left) }) : say('finished', { file: s.name, n });
}

function Views({ of: s }: { of: Sitting }) {
  const { get, set } = useAddress();
  const all = [...stands(s).values()];
  const n = (...which: Stand[]) => all.filter((v) => which.includes(v)).length;
  return (
    <Chips
      at="view"
      label={say('view')}
      value={get('view')}
      onChoose={(v) => set({ view: v, line: '' })}
      choices={[
        { value: 'read', label: say('howRead') },
        { value: '', label: say('toDo'), count: n('open') },
        { value: 'done', label: say('done'), count: n('booked', 'sent') },
        { value: 'others', label: say('others'), count: n('other', 'aside') },
        { value: 'all', label: say('all'), count: all.length },
      ]}
    />
  );
}

/** Enter begins the matching, once the reading was looked at. */
function StartButton({ of: s }: { of: Sitting }) {
  const { set } = useAddress();
  const n = [...stands(s).values()].filter((v) => v === 'open').length;
  const start = () => set({ view: '' });
  useKeys(n > 0 && { Enter: start });
  return n ? <Button kind="main" hotkey="Enter" onClick={start}>{say('start', { n: count(n) })}</Button> : <span className="soft">{say('startNone')}</span>;
}

function Drop({ take, name, reading }: { take: (file: File | undefined) => void; name: string | undefined; reading: string | undefined }) {
  const [over, hover] = useState(false);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    hover(false);
    take(e.dataTransfer.files[0]);
  };
  return (
    <div className="drop" data-over={over || undefined} onDragOver={(e) => { e.preventDefault(); hover(true); }} onDragLeave={() => hover(false)} onDrop={drop}>
      <input id="bank-file" className="unseen" type="file" accept=".xlsx,.csv,.txt,.xls" onChange={(e) => { take(e.target.files?.[0]); e.target.value = ''; e.target.blur(); }} />
      <label htmlFor="bank-file" aria-live="polite">{reading ? say('reading', { name: reading }) : name ? `${name} — ${say('another')}` : say('drop')}</label>
    </div>
  );
}

/** What a person has chosen for a line, beyond the best proposal. */
interface Choice {
  offer: number;
  /** A center that a person named. */
  elsewhere?: { center: string; name: string };
}

const best: Choice = { offer: 0 };

type Debtor = { center?: string; name?: string; open: string; writtenOff: string; closing: string };

function Matching({ of: s, again }: { of: Sitting; again: () => void }) {
  const { get, set } = useAddress();
  const cache = useQueryClient();
  const owed = useView('/v1/receivables', { query: { limit: 1000 }, uncut: true });
  const debtors = useMemo(() => new Map((owed.data?.rows ?? []).map((r) => [r.center ?? '', r as Debtor])), [owed.data]);
  const lines = useMemo(() => s.read.lines ?? [], [s.read]);
  const where = useMemo(() => stands(s), [s]);
  const view = get('view');
  const open = useMemo(() => new Set(lines.filter((l) => where.get(l.row) === 'open').map((l) => l.row)), [lines, where]);
  const shown = useMemo(
    () =>
      lines.filter((l) => {
        const at = where.get(l.row);
        return view === 'all' || (view === 'done' ? at === 'booked' || at === 'sent' : view === 'others' ? at === 'other' || at === 'aside' : at === 'open');
      }),
    [lines, where, view],
  );
  const chosen = get('line');
  const line = lines.find((l) => String(l.row) === chosen && (view !== '' || open.has(l.row))) ?? shown[0];
  const [choices, choose] = useState<ReadonlyMap<number, Choice>>(new Map());
  const [splitting, split] = useState<number>();
  const [verified, verify] = useState<ReadonlySet<number>>(new Set());
  const under = useRef(new Set<number>());
  const choice = (line && choices.get(line.row)) ?? best;
  const offers = useMemo(() => offersOf(line, choice, debtors), [line, choice, debtors]);
  const offer = offers[choice.offer] ?? offers[0];

  const goto = useCallback(
    (row: number | undefined) => {
      set({ line: row ? String(row) : '' }, true);
      split(undefined);
    },
    [set],
  );
  // After an act the focus stands on the line that follows, so that keys and readers go on there.
  const follow = useRef(false);
  useEffect(() => {
    if (!follow.current || !line) return;
    follow.current = false;
    const row = document.querySelector<HTMLElement>(`[data-row="${line.row}"]`);
    if (!row) return;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }, [line]);

  const leave = (from: Line) => {
    follow.current = true;
    goto(view === '' ? nextOpen(lines, open, from.row)?.row : from.row);
  };

  const accept = async (on: Line, how: Offer & { bounces?: string }) => {
    if (under.current.has(on.row) || !open.has(on.row)) return;
    under.current.add(on.row);
    const named = how.designation ?? [];
    log({ at: now(), row: on.row, state: 'sent', payer: on.payer ?? '', amount: on.amount ?? '', center: how.center, charges: named.map((d) => d.charge) });
    leave(on);
    const first = on.proposals?.[0];
    try {
      const out = await send(
        '/v1/imports/bank-statements/acceptances',
        undefined as never,
        {
          lines: [
            {
              reference: on.reference ?? '',
              payer: on.payer ?? '',
              amount: on.amount ?? '',
              receivedOn: on.receivedOn ?? '',
              currency: 'CNY',
              center: how.center,
              ...(on.remark && { remark: on.remark }),
              ...(named.length > 0 && { designation: named }),
              ...(how.bounces && { bounces: how.bounces }),
              ...(on.ownAccount && { ownAccount: on.ownAccount }),
              ...(on.place && { place: on.place }),
              ...(on.apart && { apart: on.apart }),
            },
          ],
        },
        crypto.randomUUID(),
      );
      const got = out.lines?.[0];
      const bad = !got || got.outcome === 'REFUSED' || got.outcome === 'FAILED';
      became(on.row, {
        state: bad ? 'refused' : got.outcome === 'BOOKED' ? 'booked' : got.outcome === 'BOOKED_BEFORE' ? 'before' : 'bounced',
        ...(got && !bad && { payment: how.bounces ?? got.allocated?.[0]?.payment ?? got.reference, charges: (got.allocated ?? []).map((a) => a.charge) }),
        says: got?.possibleDuplicateOf ? say('duplicateOf', { payment: got.possibleDuplicateOf }) : (sentences(got?.problem?.violations?.map((v) => v.rule) ?? []) || got?.problem?.detail || got?.remark || ''),
      });
      void cache.invalidateQueries();
      reach(out.position);
      // What the others were proposed may be paid by now.
      if (bad || how !== first || sum(named.map((d) => d.amount)) !== fen(on.amount ?? '0')) again();
    } catch (err) {
      const p = problemFrom(err);
      became(on.row, { state: 'refused', says: p.detail || say('away') });
    }
    under.current.delete(on.row);
  };
  const act = () => {
    if (!line || !offer || !open.has(line.row)) return;
    if (doubtful(line, offer) && !verified.has(line.row)) return verify(new Set([...verified, line.row]));
    void accept(line, offer);
  };
  const aside = () => {
    if (!line || !open.has(line.row)) return;
    log({ at: now(), row: line.row, state: 'aside', payer: line.payer ?? '', amount: line.amount ?? '' });
    leave(line);
  };
  const back = (row?: number) => {
    const last = s.acts.find((a, i) => a.state === 'aside' && (row === undefined || a.row === row) && s.acts.findIndex((b) => b.row === a.row) === i);
    if (!last) return;
    log({ at: now(), row: last.row, state: 'back', payer: last.payer, amount: last.amount });
    set({ view: '', line: String(last.row) }, true);
    follow.current = true;
  };
  const pick = (n: number) => line && n < offers.length && choose(new Map(choices).set(line.row, { ...choice, offer: n }));
  useKeys({
    Enter: (e) => !e.repeat && act(),
    s: () => line && open.has(line.row) && offer && split(line.row),
    x: (e) => !e.repeat && aside(),
    z: () => back(),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => pick(n - 1)])),
  });

  // What is on its way is not there yet: the bar reaches the bank's total when the server has said so of every line.
  const booked = lines.filter((l) => where.get(l.row) === 'booked' && l.status !== 'REVERSED').reduce((t, l) => t + fen(l.amount ?? '0'), 0n);
  const sent = [...where.values()].filter((v) => v === 'sent').length;
  const all = fen(s.read.credits.amount);
  const asides = [...where.values()].filter((v) => v === 'aside').length;
  return (
    <>
      <section className="matching" aria-label={say('title')}>
        <div>
          <span>
            {booked >= all ? <span className="proved">✓ {say('matchedAll', { sum: money(booked) })}</span> : (
              <>
                {say('matched', { sum: money(booked) })}
                <b className="late">{money(all - booked)}</b>
                {sent > 0 && <span className="soft"> {say('onTheWay', { n: count(sent) })}</span>}
              </>
            )}
          </span>
          <span className="right">
            <span>{say('bankTotal', { sum: money(all), n: count(s.read.credits.lines) })}</span>
            {(s.read.checked ?? []).map((c, i) => <span key={i} className="proved">✓ {c}</span>)}
          </span>
        </div>
        <Meter done={booked} of={all} label={say('matched', { sum: money(booked) }) + money(all - booked)} />
        <div className="keys-foot"><KeysFoot /></div>
      </section>
      <ActsToday />
      <div className="panes">
        <div className="stack">
          {shown.length === 0 ? (
            view === '' ? (
              <State title={say('allDone')}>
                <p>{say('allDoneHelp', { booked: count([...where.values()].filter((v) => v === 'booked' || v === 'sent').length), aside: count(asides) })}</p>
              </State>
            ) : (
              <State title={say('logEmpty')} />
            )
          ) : (
            <Table
              label={say('toDo')}
              columns={columns(where)}
              rows={shown}
              id={(l) => String(l.row)}
              {...(line && { active: String(line.row) })}
              onActive={(l) => goto(l.row)}
              count={shown.length}
              foot={<SaveButton title={s.name} columns={saved(where)} rows={shown} />}
            />
          )}
        </div>
        <div className="right">
          {line && (splitting === line.row && offer ? (
            <Split
              key={line.row}
              amount={line.amount ?? '0'}
              offer={offer}
              cancel={() => split(undefined)}
              accept={(parts: Part[]) => void accept(line, { ...offer, designation: parts })}
            />
          ) : (
            <Proposals
              line={line}
              stand={where.get(line.row) ?? 'other'}
              offers={offers}
              chosen={Math.min(choice.offer, Math.max(0, offers.length - 1))}
              pick={pick}
              verified={verified.has(line.row)}
              act={act}
              split={() => split(line.row)}
              aside={aside}
              debtors={debtors}
              elsewhere={(d) => choose(new Map(choices).set(line.row, { elsewhere: d, offer: line.proposals?.length ?? 0 }))}
            />
          ))}
          {line && offer && open.has(line.row) && splitting !== line.row && <WillPost line={line} offer={offer} debtor={debtors.get(offer.center)} />}
          <Log acts={s.acts} back={back} />
        </div>
      </div>
    </>
  );
}

type Offered = Offer & { bounces?: string };

function offersOf(line: Line | undefined, choice: Choice, debtors: Map<string, Debtor>): Offered[] {
  if (!line) return [];
  const none = { confidence: 0, names: [], designation: [], reason: { zh: '', en: '' } };
  if (line.status === 'REVERSED' && line.payment) {
    return [{ ...none, center: line.payment.center, name: debtors.get(line.payment.center)?.name ?? line.payment.payer, bounces: line.payment.payment, reason: line.reason }];
  }
  const own: Offered[] = line.proposals ?? [];
  return choice.elsewhere ? [...own, { ...none, ...choice.elsewhere }] : own;
}

const KeysFoot = () => (
  <>
    <span><Key>↑</Key> <Key>↓</Key> {say('keyMove')}</span>
    <span><Key>Enter</Key> {say('keyAccept')}</span>
    <span><Key>1</Key>–<Key>9</Key> {say('keyChoose')}</span>
    <span><Key>S</Key> {say('keySplit')}</span>
    <span><Key>X</Key> {say('keyAside')}</span>
    <span><Key>Z</Key> {say('keyBack')}</span>
  </>
);

/** An amount as it moved: what went out is negative, also where the bank writes it without a sign. */
const signed = (l: Line) => (l.amount && l.status === 'OUTGOING' && !l.amount.startsWith('-') ? `-${l.amount}` : (l.amount ?? ''));

const saved = (where: Map<number, Stand>) => [
  { head: say('date'), of: (l: Line) => l.receivedOn || l.cell },
  { head: say('payer'), of: (l: Line) => l.payer },
  { head: say('reference'), of: (l: Line) => l.reference },
  { head: say('remark'), of: (l: Line) => l.remark || (l.texts ?? []).join(' ') },
  { head: say('amount'), of: signed, amount: true },
  { head: say('basis'), of: (l: Line) => standing(l, where.get(l.row) ?? 'other').says },
];

const columns = (where: Map<number, Stand>): Column<Line>[] => [
  { key: 'date', head: say('date'), kind: 'day', value: (l) => (l.receivedOn ? l.receivedOn.slice(5) : l.cell) },
  {
    key: 'payer',
    head: say('payer'),
    cell: (l) => (
      <span>
        {l.payer || <span className="soft">{say('noPayer')}</span>}
        <span className="line-says">{l.remark || (l.texts ?? []).join(' ') || say('noRemark')}</span>
      </span>
    ),
  },
  { key: 'amount', head: say('amount'), kind: 'money', cell: (l) => (l.amount ? <Money of={signed(l)} /> : null) },
  { key: 'basis', head: say('basis'), kind: 'tight', cell: (l) => <Basis of={l} stand={where.get(l.row) ?? 'other'} /> },
];

/** How a line stands, in a word or two. */
function standing(l: Line, stand: Stand): { tone?: Tone; says: string } {
  if (stand === 'sent') return { says: say('sending') };
  if (stand === 'booked') return { tone: 'good', says: nameOf('bankmatch.Status', 'BOOKED') };
  if (stand === 'aside') return { says: say('aside') };
  if (l.status !== 'NEW') return { tone: l.status === 'QUESTION' || l.status === 'REVERSED' || l.status === 'CONFLICT' || l.status === 'UNREADABLE' ? 'watch' : 'plain', says: nameOf('bankmatch.Status', l.status) };
  const first = l.proposals?.[0];
  if (!first) return { tone: 'watch', says: say('judge') };
  const a = agrees(l, first);
  const signs = [a.number && say('byNumber'), a.amount && say('byAmount'), a.name && say('byName')].filter(Boolean);
  return signs.length ? { tone: 'good', says: signs.join(say('plus')) } : { tone: 'watch', says: say('confidence', { n: first.confidence }) };
}

function Basis({ of: l, stand }: { of: Line; stand: Stand }) {
  const { tone, says } = standing(l, stand);
  return <Badge tone={tone}>{says}</Badge>;
}

/** What Enter must not book by itself: a line that must be looked at, a proposal that is a guess. */
const doubtful = (line: Line, offer: Offered) => line.status === 'QUESTION' || (offer.confidence > 0 && offer.confidence < 50);

const inTongue = (r: { zh: string; en: string }) => (language() === 'zh' ? r.zh : r.en);
const some = (charges: readonly string[]) => (charges.length > 3 ? say('more', { charges: listed(charges.slice(0, 3)), n: count(charges.length) }) : listed(charges));

interface ProposalsProps {
  line: Line;
  stand: Stand;
  offers: Offered[];
  chosen: number;
  pick: (n: number) => void;
  verified: boolean;
  act: () => void;
  split: () => void;
  aside: () => void;
  debtors: Map<string, Debtor>;
  elsewhere: (d: { center: string; name: string }) => void;
}

function Proposals({ line, stand, offers, chosen, pick, verified, act, split, aside, debtors, elsewhere }: ProposalsProps) {
  const { to } = useAddress();
  const offer = offers[chosen];
  const named = offer?.designation ?? [];
  const note = say('ofLine', { day: line.receivedOn ? shortDay(line.receivedOn) : line.cell, payer: line.payer ?? '', amount: line.amount ? money(line.amount) : '' });
  const doubt = stand === 'open' && offer !== undefined && doubtful(line, offer);
  const asks = doubt && !verified;
  return (
    <Panel title={say('proposals')} note={note} bare>
      {stand !== 'open' && (
        <div className="inner">
          <p>{inTongue(line.reason)}</p>
          {line.faults?.map((f, i) => <p key={i} className="wrong">{[f.value, f.rule].filter(Boolean).join(' · ')}</p>)}
          {line.payment && <Link href={to(`/payments/${line.payment.center}/${line.payment.payment}`)}>{say('see')} {line.payment.payment}</Link>}
        </div>
      )}
      {stand === 'open' && (
        <>
          {doubt && (
            <div className="notice" data-tone="watch" role="status">
              <h3>{line.status === 'QUESTION' ? say('question') : say('guess', { n: offer.confidence })}</h3>
              <p>{inTongue(line.status === 'QUESTION' ? line.reason : offer.reason)}</p>
              {!asks && <p>{say('againEnter')}</p>}
            </div>
          )}
          {offers.length === 0 && (
            <div className="inner">
              <p className="late">{say('noProposals')}</p>
              {Boolean(line.nearest?.length) && (
                <p>
                  {say('nearest')}
                  {line.nearest?.map((n) => <Button key={n.center} kind="quiet" onClick={() => elsewhere(n)}>{`${n.center} ${n.name}`}</Button>)}
                </p>
              )}
            </div>
          )}
          <div role="group" aria-label={say('proposals')}>
            {offers.map((o, i) => (
              <button key={i} type="button" className="offer" aria-pressed={i === chosen} onClick={() => pick(i)}>
                <span><Key>{String(i + 1)}</Key></span>
                <span>
                  <span className="link">{o.center}</span> {o.name}
                </span>
                <Signs of={o} line={line} />
                <span className="says">
                  {o.bounces ? say('bounce', { payment: o.bounces }) : o.designation?.length ? say('settlesNamed', { n: count(o.designation.length), charges: some(o.designation.map((d) => d.charge)) }) : say('settlesOldest')}
                  {inTongue(o.reason) && ` · ${inTongue(o.reason)}`}
                </span>
              </button>
            ))}
          </div>
          <div className="split-sum">
            {offer && (
              <Button kind="main" hotkey="Enter" onClick={(e) => e.detail < 2 && act()}>
                {asks ? (line.status === 'QUESTION' ? say('verified') : say('looked')) : offer.bounces ? say('acceptBounce', { payment: offer.bounces }) : named.length ? say('acceptNamed', { n: count(named.length) }) : say('accept', { center: offer.center, amount: money(line.amount ?? '0') })}
              </Button>
            )}
            {offer && !offer.bounces && <Button hotkey="S" onClick={split}>{say('split')}</Button>}
            <Button hotkey="X" onClick={(e) => e.detail < 2 && aside()}>{say('setAside')}</Button>
          </div>
          {line.status !== 'REVERSED' && <Elsewhere debtors={debtors} take={elsewhere} />}
        </>
      )}
    </Panel>
  );
}

function Signs({ of, line }: { of: Offered; line: Line }) {
  const a = agrees(line, of);
  const named = sum((of.designation ?? []).map((d) => d.amount));
  return (
    <span className="signs">
      {named > 0n && <Money of={named} />}
      {a.number && <span className="proved">{say('byNumber')} ✓</span>}
      {a.amount && <span className="proved">{say('byAmount')} ✓</span>}
      {a.name && <span className="proved">{say('byName')} ✓</span>}
      {of.confidence > 0 && <span className="soft">{say('confidence', { n: of.confidence })}</span>}
    </span>
  );
}

function Elsewhere({ debtors, take }: { debtors: Map<string, Debtor>; take: (d: { center: string; name: string }) => void }) {
  const [text, type] = useState('');
  const [wrong, say1] = useState(false);
  const find = () => {
    const t = text.trim();
    const all = [...debtors.values()];
    const hit = all.find((d) => d.center?.toLowerCase() === t.split(' ')[0]?.toLowerCase()) ?? (t ? all.filter((d) => d.name?.includes(t)) : []).find((_, i, hits) => i === 0 && hits.length === 1);
    say1(!hit);
    if (!hit) return;
    take({ center: hit.center ?? '', name: hit.name ?? '' });
    type('');
    (document.activeElement as HTMLElement | null)?.blur();
  };
  return (
    <form className="elsewhere" onSubmit={(e) => { e.preventDefault(); find(); }}>
      <label htmlFor="bank-elsewhere" className="soft nowrap">{say('elsewhere')}</label>
      <input id="bank-elsewhere" list="bank-centers" value={text} placeholder={say('elsewhereHint')} autoComplete="off" aria-invalid={wrong || undefined} onChange={(e) => { type(e.target.value); say1(false); }} />
      <datalist id="bank-centers">{[...debtors.values()].map((d) => <option key={d.center} value={`${d.center} ${d.name}`} />)}</datalist>
      <Button type="submit">{say('take')}</Button>
      {wrong && <span className="wrong" role="alert">{say('unknownCenter')}</span>}
    </form>
  );
}

function WillPost({ line, offer, debtor }: { line: Line; offer: Offered; debtor: Debtor | undefined }) {
  if (offer.bounces || !debtor) return null;
  const amount = fen(line.amount ?? '0');
  const g = goes(amount, sum((offer.designation ?? []).map((d) => d.amount)), fen(debtor.open) + fen(debtor.writtenOff));
  const row = (of: Fen, label: string) => (of > 0n ? [{ label, value: <Money of={of} /> }] : []);
  return (
    <Panel title={say('willPost')}>
      <Sums
        rows={[
          { label: say('debitBank'), value: <Money of={amount} /> },
          ...row(g.named, say('creditNamed', { center: offer.center, n: count((offer.designation ?? []).length) })),
          ...row(g.oldest, say('creditOldest', { center: offer.center })),
          ...row(g.left, say('creditLeft', { center: offer.center })),
          { label: say('afterwards', { center: offer.center }), value: <Money of={fen(debtor.closing) - amount} zero />, total: true },
        ]}
      />
    </Panel>
  );
}

const told = (a: Act): string => {
  const of = { payer: a.payer, amount: a.amount ? money(a.amount) : '' };
  switch (a.state) {
    case 'sent':
    case 'booked':
      return say('logBooked', { ...of, center: a.center ?? '' }) + (a.state === 'sent' ? ' …' : a.charges?.length ? say('logCharges', { n: count(a.charges.length) }) : say('logUnapplied'));
    case 'before':
      return say('logBefore', of);
    case 'bounced':
      return say('logBounced', of);
    case 'refused':
      return say('logRefused', of);
    case 'aside':
      return say('logAside', of);
    case 'back':
      return say('logBack', of);
  }
};

function Log({ acts, back }: { acts: readonly Act[]; back: (row: number) => void }) {
  const { to } = useAddress();
  return (
    <Panel title={say('log')} note={say('logNote')} bare={acts.length > 0}>
      {acts.length === 0 ? (
        <p className="soft">{say('logEmpty')}</p>
      ) : (
        <ol className="log" aria-live="polite">
          {acts.map((a, i) => (
            <li key={acts.length - i}>
              <span className="soft">{clock(a.at, true)}</span>
              <span className={a.state === 'refused' ? 'wrong' : undefined}>
                {told(a)}
                {a.says && <span className={a.state === 'refused' ? 'wrong' : 'late'}> · {a.says}</span>}
              </span>
              {a.payment && <Link href={to(`/payments/${a.center}/${a.payment}`)}>{say('see')}</Link>}
              {a.state === 'aside' && acts.findIndex((b) => b.row === a.row) === i && <Button kind="quiet" onClick={() => back(a.row)}>{say('takeBack')}</Button>}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
