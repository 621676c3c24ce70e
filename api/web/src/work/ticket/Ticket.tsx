import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Clause, Money, type Tone } from '@/kit/Basics';
import { clock, dayOf, daysBetween, moment } from '@/kit/dates';
import { fen, money, quantity, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { Timeline, type Step as Line } from '@/kit/Timeline';
import { useRows, useView, type Answer, type RowOf } from '@/kit/view';
import { clauses, headed, language, within } from '@/kit/words';
import { PaperButton } from '@/parts/depot/Papers';
import { FileButton } from '@/repairs/sheet/FileSheet';
import { useSession } from '@/shell/session';
import { say as kit } from '@/kit/say';
import { Acts } from './Acts';
import { say } from './say';
import { inOrder } from './steps';

type Body = Answer<'/v1/tickets/{ticket}'>;
type Step = NonNullable<Body['steps']>[number];
type Fault = RowOf<'/v1/fault-lines'>;
type Charge = RowOf<'/v1/charges'>;

const tones: Record<string, Tone> = { MET: 'good', BREACHED: 'bad', RUNNING: 'watch', NOT_NOTIFIED: 'watch' };
const states: Record<string, Tone> = { CLOSED: 'good', RESOLVED: 'good', REOPENED: 'bad' };

export default function Ticket() {
  const { ticket = '' } = useParams<{ ticket: string }>();
  const q = useView('/v1/tickets/{ticket}', { path: { ticket } });
  const t = q.data?.ticket;
  const papers: Paper[] = [{ key: 'F0', label: say('sheet'), path: `/v1/tickets/${encodeURIComponent(ticket)}/form` }];
  return (
    <Page
      of={q}
      title={say('ticket', { ticket })}
      finding={
        t && (
          <>
            {[t.projectName, t.room].filter(Boolean).join(' ')} · {t.need} · <Badge tone={states[t.status] ?? 'watch'}>{nameOf('names.TicketStatus', t.status)}</Badge> {t.clock !== 'NONE' && <Badge tone={tones[t.clock] ?? 'plain'}>{nameOf('work.ResponseStatus', t.clock)}</Badge>}
          </>
        )
      }
      help={say('help')}
      {...(t && { actions: <PaperButtons papers={papers} /> })}
    >
      <WithPaper papers={papers}><Answered of={q} rows={12}>{(data) => <Told of={data} />}</Answered></WithPaper>
    </Page>
  );
}

function Told({ of }: { of: Body }) {
  const { to } = useAddress();
  const ofCenter = useSession()?.role.startsWith('center-') ?? true;
  const t = of.ticket;
  return (
    <div className="stack">
      <div className="beside">
        <div className="stack">
          <Panel title={say('life')} bare>
            <Timeline steps={inOrder(of.steps ?? []).map(lineOf)} />
          </Panel>
          {t.faultLines > 0 && !ofCenter && <Faults of={t} />}
          {fen(t.charged) !== 0n && <Charges of={t} />}
        </div>
        <div className="side">
          <Acts of={of} />
          <ClockPanel of={t} />
          <Panel title={say('facts')}>
            <Facts
              of={[
                { name: say('center'), is: <Link href={to(`/centers/${t.center}`)}>{t.center}</Link> },
                { name: say('owner'), is: t.owner },
                { name: say('device'), is: t.device },
                { name: say('technician'), is: personOf(t, 'technician') },
                { name: say('status'), is: [nameOf('names.TicketStatus', t.status), nameOf('ticket.Resolution', t.how)].filter(Boolean).join(' · ') },
                { name: say('charged'), is: <Money of={t.charged} /> },
                { name: say('ourCost'), is: t.ourCost !== null && <Money of={t.ourCost} /> },
                { name: say('centerCost'), is: t.centerCost !== null && <Money of={t.centerCost} /> },
              ]}
            />
          </Panel>
          {t.bearer && (
            <Panel title={say('coverage')} note={<Clause of={t.clause} />}>
              <Facts
                of={[
                  { name: say('bearer'), is: nameOf('policy.Bearer', t.bearer) },
                  { name: say('warranty'), is: t.inWarranty ? say('inWarranty') : say('outOfWarranty') },
                  { name: say('category'), is: nameOf('policy.Category', t.category) },
                  { name: say('presence'), is: nameOf('policy.Presence', t.presence) },
                ]}
              />
              <ul className="points">
                {(t.because ?? []).map((b) => {
                  const [zh = '', en = ''] = b.split(' · ');
                  return <li key={b}>{language() === 'zh' ? zh : en || zh}</li>;
                })}
              </ul>
            </Panel>
          )}
        </div>
      </div>
      {!ofCenter && <RecordLife streams={[`ticket-${t.ticket}`]} first="fields" />}
    </div>
  );
}

const span = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return minutes >= 60 ? say('hours', { h: Math.floor(minutes / 60), m: minutes % 60 }) : say('minutes', { m: minutes });
};

const between = (from: string | undefined, to: string | undefined): number => (from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : 0);

/** From the call to the arrival, against what was owed. */
function ClockPanel({ of: t }: { of: Body['ticket'] }) {
  if (!t.notifiedAt) return null;
  const spare = between(t.stoppedAt, t.respondBy);
  const end = [t.respondBy, t.stoppedAt].filter(Boolean).sort((a, b) => Date.parse(a ?? '') - Date.parse(b ?? '')).at(-1);
  const whole = between(t.notifiedAt, end);
  const share = (to: string | undefined) => `${whole > 0 ? Math.min(100, (between(t.notifiedAt, to) * 100) / whole) : 0}%`;
  const verdict = t.clock === 'BREACHED' ? say('late', { span: span(t.lateSeconds ?? 0) }) : t.clock === 'RUNNING' ? say('left', { span: span(t.remainingSeconds ?? 0) }) : t.clock === 'MET' ? say('inTime', { span: span(spare) }) : '';
  return (
    <Panel title={say('clock')} note={t.clock !== 'NONE' && <Badge tone={tones[t.clock] ?? 'plain'}>{nameOf('work.ResponseStatus', t.clock)}</Badge>}>
      {t.respondBy && t.stoppedAt && (
        <div className="clock" role="img" aria-label={verdict}>
          <i className="took" data-late={t.clock === 'BREACHED' || undefined} style={{ width: share(t.stoppedAt) }} />
          <i className="due" style={{ left: share(t.respondBy) }} />
        </div>
      )}
      <Facts
        of={[
          { name: say('notified'), is: moment(t.notifiedAt) },
          { name: say('respondBy'), is: t.respondBy && moment(t.respondBy) },
          { name: say('arrived'), is: t.arrivedAt && moment(t.arrivedAt) },
          { name: say('took'), is: t.stoppedAt && span(between(t.notifiedAt, t.stoppedAt)) },
          { name: '', is: verdict && <span className={t.clock === 'BREACHED' ? 'wrong' : t.clock === 'RUNNING' ? 'late' : 'proved'}>{verdict}</span> },
        ]}
      />
    </Panel>
  );
}

const stepTones: Record<string, Line['tone']> = { ARRIVED: 'good', RESOLVED: 'good', CLOSED: 'good', REOPENED: 'bad', ESCALATION_ESCALATED: 'watch', COVERAGE_OVERRIDDEN: 'watch', DECISION_REFUSED: 'bad', ARRIVAL_WITHDRAWN: 'watch', FAULT_RECORDED: 'money' };

/** The step that a decision would have been. */
const decided: Record<string, string> = { ARRIVAL_WITHDRAWAL: 'ARRIVAL_WITHDRAWN', COVERAGE_OVERRIDE: 'COVERAGE_OVERRIDDEN' };

/** What a step names, in the words of its kind. */
function said(s: Step): string {
  switch (s.step) {
    case 'RESOLVED':
      return nameOf('ticket.Resolution', s.what);
    case 'COVERAGE_OVERRIDDEN':
      return `${nameOf('ticket.CoverageItem', s.what)} ${nameOf('names.CoverageValue', s.was)} → ${nameOf('names.CoverageValue', s.now)}`;
    case 'FAULT_RECORDED':
      return `${s.what ?? ''} ${nameOf('policy.Bearer', s.now)}`;
    case 'DECISION_REFUSED':
      return nameOf('names.TicketStep', decided[s.what ?? ''] ?? s.what);
    default:
      return s.what ?? '';
  }
}

/** Who did it; of an escalation the role is said that an opinion was asked of, and that stands behind the name as it is. */
const doer = (s: Step) => (!s.step.startsWith('ESCALATION_') && personOf(s, 'who')) || personOf(s, 'actor');

function lineOf(s: Step): Line {
  const later = daysBetween(dayOf(s.at), dayOf(s.recordedAt));
  return {
    key: String(s.position),
    day: dayOf(s.at),
    what: <>{s.step === 'RESOLVED' || s.step === 'DECISION_REFUSED' ? headed(nameOf('names.TicketStep', s.step), within(said(s))) : `${nameOf('names.TicketStep', s.step)} ${said(s)}`} {s.text && <span className="soft">{s.step === 'DECISION_REFUSED' ? kit('ownDecision') : s.text}</span>}</>,
    who: [clock(s.at) !== '00:00' && clock(s.at), doer(s), nameOf('domain.Role', s.role)].filter(Boolean).join(' · '),
    ...(later > 1 && { note: say('lateEntry', { days: later }) }),
    tone: stepTones[s.step] ?? 'plain',
  };
}

function Faults({ of: t }: { of: Body['ticket'] }) {
  const { to } = useAddress();
  const list = useRows('/v1/fault-lines', { query: { ticket: t.ticket } });
  const own = list.rows;
  const columns: Column<Fault>[] = [
    { key: 'line', head: say('line'), kind: 'tight', value: (r) => r.line },
    { key: 'symptom', head: say('symptom'), cell: (r) => clauses(`${r.device} ${r.symptom}`, nameOf('policy.Cause', r.cause)) },
    { key: 'replaced', head: say('replaced'), kind: 'tight', cell: (r) => (r.part ? `${r.part} × ${quantity(r.quantity ?? '')}` : r.solvedOnSite ? say('onSite') : '') },
    { key: 'old', head: say('old'), kind: 'tight', cell: (r) => r.oldSerial && <Link href={to(`/serials/${encodeURIComponent(r.oldSerial)}`)}>{r.oldSerial}</Link> },
    { key: 'new', head: say('new'), kind: 'tight', cell: (r) => r.newSerial && <Link href={to(`/serials/${encodeURIComponent(r.newSerial)}`)}>{r.newSerial}</Link> },
    { key: 'slips', head: say('slips'), cell: (r) => (r.slips ?? []).map((s) => <a key={s} href={`/v1/projects/${r.project}/depot/issues/${s}/form?format=pdf`} target="_blank" rel="noopener">{s} </a>) },
    { key: 'cost', head: say('cost'), kind: 'money', value: (r) => r.value ?? '' },
    {
      key: 'verdict',
      head: say('verdict'),
      cell: (r) =>
        r.openFindings?.length ? (
          r.openFindings.map((f) => (
            <Link key={f.key} href={to('/parts/findings', { project: r.project, finding: f.key })}>
              <Badge tone="bad">{nameOf('finding.Class', f.class)}</Badge>
            </Link>
          ))
        ) : (
          <Badge tone="good">{say('agrees')}</Badge>
        ),
    },
    { key: 'acts', head: '', cell: (r) => <LineActs of={r} open={t.status !== 'CLOSED'} /> },
  ];
  return (
    <Panel title={say('lines')} bare>
      <Answered of={list.of} rows={t.faultLines}>{(f) => (own.length === 0 ? <Empty>{say('noLines')}</Empty> : <Table label={say('lines')} columns={columns} rows={own} id={(r) => r.line} count={f.count} more={list.more} />)}</Answered>
    </Panel>
  );
}

/** What a line of F1 still lacks, for who may write it: the slip of the part, the old unit's, the sheet that follows it to its maker. */
function LineActs({ of: r, open }: { of: Fault; open: boolean }) {
  const unit = { project: r.project, part: r.part, faultLine: r.line };
  const missing = r.openFindings?.some((f) => f.class === 'NO_FAULTY_RETURN');
  return (
    <>
      {r.part && !r.slips?.length && <PaperButton paper="issue" begun={{ ...unit, quantity: r.quantity, ...(r.newSerial && { serials: r.newSerial }) }} />}
      {r.part && (open || missing) && <PaperButton paper="handIn" begun={{ ...unit, quantity: r.quantity, serials: r.oldSerial || r.serial }} />}
      <FileButton kind="quiet" of={{ ...unit, ticket: r.ticket, serial: r.oldSerial || r.serial, fault: r.symptom, bearer: r.bearer }} />
    </>
  );
}

function Charges({ of: t }: { of: Body['ticket'] }) {
  const { to } = useAddress();
  const list = useRows('/v1/charges', { query: { ticket: t.ticket } });
  const own = list.rows;
  const columns: Column<Charge>[] = [
    { key: 'charge', head: say('charge'), kind: 'tight', cell: (r) => <Link href={to(`/charges/${r.center}/${r.charge}`)}>{r.charge}</Link> },
    { key: 'service', head: say('service'), value: (r) => r.service },
    { key: 'gross', head: say('gross'), kind: 'money', lead: true, value: (r) => r.gross },
    { key: 'open', head: say('open'), kind: 'money', value: (r) => r.open },
  ];
  return (
    <Panel title={say('charges')} bare>
      <Answered of={list.of} rows={3}>
        {() => (
          <Table
            label={say('charges')}
            columns={columns}
            rows={own}
            id={(r) => r.charge}
            open={(r) => to(`/charges/${r.center}/${r.charge}`)}
            totals={{ label: say('total'), cells: { gross: <Money of={sum(own.filter((r) => !r.fromCharge).map((r) => r.gross))} />, open: <Money of={own.some((r) => r.open === null) ? null : sum(own.map((r) => r.open ?? ''))} /> } }}
            {...(!list.more.has && { proofs: [{ says: say('chargedTie', { sum: money(t.charged) }), holds: sum(own.filter((r) => !r.fromCharge).map((r) => r.gross)) === fen(t.charged), of: [t.charged], columns: ['gross'] }] })}
          />
        )}
      </Answered>
    </Panel>
  );
}
