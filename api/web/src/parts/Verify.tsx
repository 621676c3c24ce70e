import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { Refused } from '@/api/client';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Key, Quantity, type Tone } from '@/kit/Basics';
import { plusMonths, shortDay } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { FileField } from '@/kit/File';
import { ActsToday, Form, send, TextField, useCommand } from '@/kit/Form';
import { count, money } from '@/kit/fen';
import { useKeys } from '@/kit/keys';
import { Page } from '@/kit/Page';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { clauses, headed, language } from '@/kit/words';
import { useSession } from '@/shell/session';
import { say } from './say';

type Row = RowOf<'/v1/fault-lines'>;

/** How the server is asked for the lines of a filter. */
const narrowed: Record<string, Query<'/v1/fault-lines'>> = { open: { review: 'OPEN' }, queried: { review: 'QUERIED' }, verified: { review: 'VERIFIED' }, differing: { differing: true } };

const findings = (r: Row) => r.openFindings ?? [];
/** It was not reviewed yet, or the team has answered what was asked. */
const waits = (r: Row) => r.review?.verdict === undefined || r.review.answer !== undefined;
const queried = (r: Row) => r.review?.verdict === 'QUERIED' && !waits(r);
/** Whom a query is asked: the team, who recorded the line. */
const team: readonly string[] = ['technician', 'city-tech-lead'];
/** Nothing that is open speaks against it. */
const clean = (r: Row) => findings(r).length === 0;

export default function Verify() {
  const { get, set, to, cut } = useAddress();
  const role = useSession()?.role;
  const month = get('month') || asOfDay(cut).slice(0, 7);
  const [region, project, which] = [get('region'), get('project'), get('show')];
  const query = { month, ...(region && { region }), ...(project && { project }) };
  // A month is judged whole: what is counted and verified at once must be all of it.
  const { rows, first, of, more } = useRows('/v1/fault-lines', { query, whole: true });
  const { has } = more;
  const [asking, setAsking] = useState<Row>();
  const [answering, setAnswering] = useState<Row>();
  const review = useCommand('/v1/fault-lines/reviews', { what: say('verified') });
  const mine = role === 'tech-group-lead';
  const asked = team.includes(role ?? '');
  const one = useOneByOne();
  const stands = (r: Row) => waits(r) && !one.sent.has(r.line);
  const shown = rows.filter((r) => (which === 'open' ? stands(r) : which === 'differing' ? !clean(r) : which === 'queried' ? queried(r) : which === 'verified' ? r.review?.verdict === 'VERIFIED' : true));
  const ready = rows.filter((r) => stands(r) && clean(r));
  // Whoever verifies begins at the first line that waits, who is asked at the first question.
  const active = shown.find((r) => r.line === get('line')) ?? (mine ? shown.find(stands) : asked ? shown.find(queried) : undefined);
  const after = (from: Row) => shown.slice(shown.indexOf(from) + 1).find(stands) ?? shown.find((r) => r !== from && stands(r));
  const verify = (lines: Row[]) => {
    if (lines.length) review.run(undefined as never, { verdict: 'VERIFIED', lines: lines.map((r) => ({ ticket: r.ticket, line: r.line })) });
  };
  const verifyActive = () => {
    if (!active || !stands(active)) return;
    one.verify(active);
    set({ line: after(active)?.line ?? '' }, true);
  };
  useKeys(
    mine && {
      v: verifyActive,
      q: () => active && setAsking(active),
    },
  );
  useKeys(asked && { r: () => active && queried(active) && setAnswering(active) });
  return (
    <Page
      of={of}
      title={say('verify')}
      finding={
        first &&
        say('finding', {
          month,
          region: region ? ` · ${region}` : '',
          n: count(first.count),
          open: count(rows.filter(stands).length),
          clean: count(ready.length),
          queried: count(first.queried),
          verified: count(first.verified),
        })
      }
      help={say('help')}
      {...(region && { crumbs: [{ label: say('verify'), to: to('/parts/verify', { month }) }, { label: region }] })}
      filters={
        <>
          <div className="chips" role="group" aria-label={say('month')}>
            <button type="button" className="chip" onClick={() => set({ month: plusMonths(month, -1), line: '' })} aria-label={say('earlier')}>‹</button>
            <span>{month}</span>
            <button type="button" className="chip" onClick={() => set({ month: plusMonths(month, 1), line: '' })} aria-label={say('later')}>›</button>
          </div>
          <Chips
            at="show"
            label={say('filter')}
            value={which}
            onChoose={(v) => set({ show: v })}
            choices={[
              { value: '', label: say('all'), count: first?.count },
              { value: 'open', label: say('open'), count: has ? undefined : rows.filter(stands).length },
              { value: 'differing', label: say('differing'), count: has ? undefined : rows.filter((r) => !clean(r)).length },
              { value: 'queried', label: say('queried'), count: first?.queried },
              { value: 'verified', label: say('verified'), count: first?.verified },
            ]}
          />
        </>
      }
      actions={
        <>
          <ExportButton view="/v1/fault-lines" query={{ ...query, ...narrowed[which] }} title={`${say('verify')} ${month}`} columns={exported()} />
          <PrintButton />
          {mine && ready.length > 0 && (
            <Button kind="main" busy={review.busy} disabled={has} onClick={() => verify(ready)}>
              {say('verifyClean', { n: count(ready.length) })}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        {mine && <ActsToday />}
        {one.refused.map((f) => <p key={f.line} className="notice" data-tone="bad" role="alert">{headed(f.line, f.says)}</p>)}
        {review.problem && <p className="notice" data-tone="bad" role="alert">{review.problem.detail}</p>}
        {review.outcome && <p className="notice" data-tone={review.outcome.refused ? 'bad' : 'good'} role="status">{say('result', { n: count(review.outcome.reviewed), refused: count(review.outcome.refused) })}</p>}
        <Answered of={of} rows={14}>
          {() =>
            shown.length === 0 ? (
              <Empty>{which === 'open' ? say('clean') : undefined}</Empty>
            ) : (
              <Table
                label={say('verify')}
                columns={columns(to)}
                rows={shown}
                id={(r) => r.line}
                active={active?.line ?? ''}
                onActive={(r) => set({ line: r.line }, true)}
                count={shown.length}
                {...(!region && {
                  groupOf: (r: Row) => r.region,
                  group: (name: string, own: Row[]) => ({
                    label: (
                      <>
                        <Link href={to('/parts/verify', { month, region: name, show: which })}>{name}</Link> <span className="soft">{own.length}</span>
                      </>
                    ),
                  }),
                })}
                basis
              />
            )
          }
        </Answered>
        {active && <Case of={active} mine={mine} busy={review.busy} verify={verifyActive} ask={() => setAsking(active)} answer={asked && queried(active) ? () => setAnswering(active) : undefined} />}
        {active && get('blame') === '1' && <RecordLife streams={[`ticket-${active.ticket}`, `depot-${active.project}`]} names={active.line} />}
      </div>
      {asking && (
        <Dialog open onClose={() => setAsking(undefined)} title={say('ask', { line: asking.line })}>
          {findings(asking).map((f) => <p key={f.key}>{language() === 'zh' ? f.chinese : f.english}</p>)}
          <Form
            command="/v1/fault-lines/reviews"
            params={undefined as never}
            body={(v) => ({ verdict: 'QUERIED' as const, note: v.note ?? '', lines: [{ ticket: asking.ticket, line: asking.line }] })}
            draft={`ask.${asking.line}`}
            submit={say('doAsk')}
            onDone={() => setAsking(undefined)}
            onCancel={() => setAsking(undefined)}
          >
            <TextField name="note" label={say('question')} hint={say('questionHint')} required lines autoFocus />
          </Form>
        </Dialog>
      )}
      {answering && (
        <Dialog open onClose={() => setAnswering(undefined)} title={say('answer', { line: answering.line })}>
          <p>{answering.review?.note}</p>
          <Form
            command="/v1/tickets/{ticket}/fault-lines/{line}/answer"
            params={{ ticket: answering.ticket, line: answering.line }}
            body={(v) => ({ answer: v.answer ?? '', ...(v.paper && { paper: v.paper }) })}
            draft={`answer.${answering.line}`}
            submit={say('doAnswer')}
            onDone={() => setAnswering(undefined)}
            onCancel={() => setAnswering(undefined)}
          >
            <TextField name="answer" label={say('theAnswer')} hint={say('answerHint')} required lines autoFocus />
            <FileField name="paper" label={say('picture')} />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

/**
 * Lines that are verified with a key each: a line's command is its own, so that the
 * next key need not wait for the answer to the last, and a refusal stops no other.
 */
function useOneByOne() {
  const [sent, mark] = useState<ReadonlySet<string>>(new Set());
  const [refused, refuse] = useState<readonly { line: string; says: string }[]>([]);
  const cache = useQueryClient();
  const under = useRef(new Set<string>());
  const verify = async (r: Row) => {
    if (under.current.has(r.line)) return;
    under.current.add(r.line);
    mark((old) => new Set(old).add(r.line));
    refuse((old) => old.filter((f) => f.line !== r.line));
    let says = '';
    try {
      const out = await send('/v1/fault-lines/reviews', undefined as never, { verdict: 'VERIFIED', lines: [{ ticket: r.ticket, line: r.line }] }, crypto.randomUUID());
      const p = out.lines?.find((l) => l.problem)?.problem;
      says = p ?? '';
    } catch (err) {
      says = (err instanceof Refused && err.problem.detail) || say('notDone');
    }
    under.current.delete(r.line);
    if (says) {
      refuse((old) => [...old, { line: r.line, says }]);
      mark((old) => new Set([...old].filter((l) => l !== r.line)));
    }
    if (under.current.size === 0) await cache.invalidateQueries();
  };
  return { sent, refused, verify: (r: Row) => void verify(r) };
}

const exported = () => [
  { field: 'line', head: say('line') },
  { field: 'project', head: say('where') },
  { field: 'part', head: say('replaced') },
  { field: 'quantity', head: say('quantity') },
  { field: 'issued', head: say('issued') },
  { field: 'value', head: say('cost') },
  { field: 'oldSerial', head: say('old') },
  { field: 'review.verdict', head: say('verdict') },
];

/** A quantity is marked where it is not the other one. */
const Compared = ({ of, other }: { of: string | null | undefined; other: string | null | undefined }) =>
  of ? <span className={other !== undefined && of !== other ? 'differs' : undefined}>{of === '0' && other !== '0' ? '0' : <Quantity of={of} />}</span> : null;

const tones: Record<string, Tone> = { VERIFIED: 'good', QUERIED: 'watch' };

const columns = (to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'state', head: '', kind: 'tight', offCards: true, cell: (r) => <span className={r.review?.verdict === 'VERIFIED' ? 'proved' : 'soft'}>{r.review?.verdict === 'VERIFIED' ? '✓' : r.review?.verdict === 'QUERIED' ? '?' : '○'}</span> },
  { key: 'line', head: say('line'), kind: 'tight', cell: (r) => <Link href={to(`/tickets/${r.ticket}`)}>{r.line}</Link> },
  { key: 'where', head: say('where'), wide: true, value: (r) => `${r.project} ${r.location ?? ''}` },
  { key: 'part', head: say('replaced'), cell: (r) => r.part ?? <span className="soft">{r.solvedOnSite ? say('onSite') : say('f1None')}</span> },
  { key: 'quantity', head: say('quantity'), kind: 'quantity', cell: (r) => (r.part ? <Compared of={r.quantity} other={r.issued} /> : null) },
  { key: 'slips', head: say('slip'), cell: (r) => (r.slips ?? []).join(' ') || (r.part ? '—' : '') },
  { key: 'issued', head: say('issued'), kind: 'quantity', cell: (r) => (r.issued === null ? null : <Compared of={r.issued} other={r.part ? r.quantity : '0'} />) },
  { key: 'cost', head: say('cost'), kind: 'money', value: (r) => r.value ?? '' },
  { key: 'old', head: say('old'), cell: (r) => (r.oldSerial ? <Link href={to(`/serials/${r.oldSerial}`)}>{r.oldSerial}</Link> : r.part ? <span className="soft">{say('noSerial')}</span> : null) },
  {
    key: 'verdict',
    head: say('verdict'),
    cell: (r) => (
      <>
        {findings(r).map((f) => <Badge key={f.key} tone="bad">{nameOf('finding.Class', f.class)}</Badge>)}
        {clean(r) && <Badge tone="good">{say('agrees')}</Badge>} {r.review && <Badge tone={tones[r.review.verdict]}>{r.review.answer ? say('answered') : r.review.verdict === 'VERIFIED' ? say('verified') : say('queried')}</Badge>}
      </>
    ),
  },
];

/** One line in plain sentences, ending in what is open about it. */
function Case({ of: r, mine, busy, verify, ask, answer }: { of: Row; mine: boolean; busy: boolean; verify: () => void; ask: () => void; answer: (() => void) | undefined }) {
  const { get, set, to } = useAddress();
  return (
    <div className="case-below">
    <Panel
      title={r.line}
      note={`${r.device} · ${r.project} ${r.projectName}`}
      foot={
        mine ? (
          <>
            <Button kind="main" hotkey="V" busy={busy} onClick={verify}>{say('verifyOne')}</Button>
            <Button hotkey="Q" onClick={ask}>{say('query')}</Button>
            <Button kind="quiet" onClick={() => set({ blame: get('blame') === '1' ? '' : '1' }, true)}>{say('blame')}</Button>
            <span className="keys-foot right">
              <span><Key>J</Key> <Key>K</Key> {say('keyMove')}</span>
              <span><Key>V</Key> {say('verifyOne')}</span>
              <span><Key>Q</Key> {say('keyAsk')}</span>
            </span>
          </>
        ) : (
          answer && <Button kind="main" hotkey="R" onClick={answer}>{say('reply')}</Button>
        )
      }
    >
      <Facts
        of={[
          { name: <Link href={to(`/tickets/${r.ticket}`)}>{say('ticket', { ticket: r.ticket })}</Link>, is: clauses(`${shortDay(r.recordedOn)} ${r.location ?? ''} ${r.symptom}`, nameOf('policy.Cause', r.cause)) },
          { name: say('f1'), is: r.part ? say('f1Text', { part: r.part, quantity: r.quantity ?? '', old: r.oldSerial || say('noSerial'), new: r.newSerial || say('noSerial') }) : say('f1None') },
          { name: `${say('slip')} ${(r.slips ?? []).join(' ')}`, is: r.issued !== null && r.issued !== '0' ? say('issuedText', { part: r.part ?? '', issued: r.issued, value: money(r.value ?? '0') }) : r.part ? say('notIssued') : '' },
          ...findings(r).map((f) => ({ name: say('so'), is: <span className="wrong">{language() === 'zh' ? f.chinese : f.english}</span> })),
          { name: say('verified'), is: r.review && `${r.review.verdict === 'VERIFIED' ? say('verified') : say('queried')} · ${say('by', { by: personOf(r.review, 'by'), day: shortDay(r.review.on) })} ${r.review.note ?? ''}` },
          { name: say('answered'), is: r.review?.answer && `${say('by', { by: personOf(r.review.answer, 'by'), day: shortDay(r.review.answer.on) })} ${r.review.answer.text}` },
        ]}
      />
    </Panel>
    </div>
  );
}
