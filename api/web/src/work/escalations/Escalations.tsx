import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips } from '@/kit/Basics';
import { dayOf, shortDay } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { Form, MomentField, momentOfField, TextField, thisMinute } from '@/kit/Form';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { listed, within } from '@/kit/words';
import { useSession } from '@/shell/session';
import { followed } from './followed';
import { say } from './say';

type Row = RowOf<'/v1/escalations'>;
type Opinion = NonNullable<Query<'/v1/escalations'>['awaits']>;
type Act = 'give' | 'follow' | 'close';

const opiners: readonly string[] = ['hq-affairs-supervisor', 'department-manager'] satisfies Opinion[];

/** What may be done with an escalation, in a role. */
function actsOf(r: Row, role: string): Act[] {
  if (!r.open) return [];
  const acts: Act[] = r.awaits?.includes(role) ? ['give'] : [];
  if (role === 'hq-affairs-supervisor') acts.push('follow', ...(r.awaits?.length ? [] : (['close'] as const)));
  return acts;
}

/** Matters that were put before the HQ affairs supervisor and the department manager, until they are closed. */
export default function Escalations() {
  const { get, set, to } = useAddress();
  const role = useSession()?.role ?? '';
  const [show, region, center] = [get('show'), get('region'), get('center')];
  const query: Query<'/v1/escalations'> = {
    ...(region && { region }),
    ...(center && { center }),
    ...(show !== 'all' && { open: true }),
    ...(show === 'mine' && { awaits: role as Opinion }),
  };
  const { rows, first, of, more } = useRows('/v1/escalations', { query });
  const [asked, ask] = useState<{ act: Act; row: Row }>();
  const n = `${count(rows.length)}${more.has ? '+' : ''}`;
  return (
    <Page
      of={of}
      title={say('title')}
      finding={first && rows.length > 0 && (show === 'all' ? say('findingAll', { n, open: count(rows.filter((r) => r.open).length) }) : say('finding', { n, days: count(Math.max(...rows.map((r) => r.ageDays))) }))}
      help={say('help')}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v })}
          choices={[{ value: '', label: say('open') }, ...(opiners.includes(role) ? [{ value: 'mine', label: say('mine') }] : []), { value: 'all', label: say('all') }]}
        />
      }
      actions={
        <>
          <ExportButton view="/v1/escalations" query={query} title={say('title')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={10}>
        {() => (rows.length === 0 ? <Empty /> : <Table label={say('title')} columns={columns(to, role, (act, row) => ask({ act, row }))} rows={[...rows].sort((a, b) => (a.open === b.open ? 0 : a.open ? -1 : 1))} id={(r) => `${r.ticket} ${r.escalation}`} more={more} basis />)}
      </Answered>
      {asked && <Do {...asked} close={() => ask(undefined)} />}
    </Page>
  );
}

function Do({ act, row, close }: { act: Act; row: Row; close: () => void }) {
  const params = { ticket: row.ticket, escalation: row.escalation };
  const common = { params, draft: `${act}.${row.ticket}.${row.escalation}`, onDone: close, onCancel: close };
  const forms: Record<Act, () => ReactNode> = {
    give: () => (
      <Form command="/v1/tickets/{ticket}/escalations/{escalation}/opinions" {...common} start={{ givenAt: thisMinute() }} submit={say('doGive')} body={(v) => ({ opinion: v.opinion ?? '', givenAt: momentOfField(v.givenAt) })}>
        <TextField name="opinion" label={say('opinion')} required lines autoFocus />
        <MomentField name="givenAt" label={say('at')} required />
      </Form>
    ),
    follow: () => (
      <Form command="/v1/tickets/{ticket}/escalations/{escalation}/follow-ups" {...common} start={{ notedAt: thisMinute() }} submit={say('doFollow')} body={(v) => ({ note: v.note ?? '', notedAt: momentOfField(v.notedAt) })}>
        <TextField name="note" label={say('step')} required lines autoFocus />
        <MomentField name="notedAt" label={say('at')} required />
      </Form>
    ),
    close: () => (
      <Form command="/v1/tickets/{ticket}/escalations/{escalation}/closing" {...common} start={{ closedAt: thisMinute() }} submit={say('doClose')} body={(v) => ({ outcome: v.outcome ?? '', closedAt: momentOfField(v.closedAt) })}>
        <TextField name="outcome" label={say('outcome')} required lines autoFocus />
        <MomentField name="closedAt" label={say('at')} required />
      </Form>
    ),
  };
  return (
    <Dialog open onClose={close} title={say(`${act}Title`, { ticket: row.ticket })}>
      <p className="soft">{row.matter}</p>
      {forms[act]()}
    </Dialog>
  );
}

const exported = () => [
  { field: 'escalation', head: say('number') },
  { field: 'ticket', head: say('ticket') },
  { field: 'region', head: say('place') },
  { field: 'escalatedAt', head: say('since') },
  { field: 'reason', head: say('reason') },
  { field: 'matter', head: say('matter') },
  { field: 'outcome', head: say('outcome') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], role: string, ask: (act: Act, row: Row) => void): Column<Row>[] => [
  { key: 'since', head: say('since'), kind: 'day', cell: (r) => <span>{dayOf(r.escalatedAt)} {r.open ? <Badge tone="watch">{say('open')}</Badge> : <Badge>{say('ended')}</Badge>} {r.open && <span className="late">{say('days', { n: count(r.ageDays) })}</span>}</span> },
  { key: 'ticket', head: say('ticket'), kind: 'tight', cell: (r) => <Link href={to(`/tickets/${r.ticket}`)}>{r.ticket}</Link> },
  { key: 'place', head: say('place'), kind: 'tight', wide: true, value: (r) => `${r.region} ${r.project}` },
  { key: 'reason', head: say('reason'), kind: 'tight', cell: (r) => <span>{nameOf('ticket.EscalationReason', r.reason)} {r.complaintRisk && <Badge tone="watch">{say('complaint')}</Badge>}</span> },
  { key: 'matter', head: say('matter'), value: (r) => r.matter },
  {
    key: 'opinions',
    head: say('opinions'),
    cell: (r) => (
      <span>
        {([['supervisor', r.supervisor], ['manager', r.manager]] as const).map(([who, o]) => o && <span key={who} className="talk">{say('opinionOf', { who: say(who), by: personOf(o, 'by'), text: o.text })}</span>)}
        {r.open && !!r.awaits?.length && <span className="late">{say('awaits', { roles: listed(r.awaits.map((a) => within(nameOf('domain.Role', a)))) })}</span>}
        {r.followUps > 0 && <span className="talk">{followed(r)}</span>}
        {r.closedAt && <span className="talk">{say('closed', { day: shortDay(dayOf(r.closedAt)), outcome: r.outcome ?? '' })}</span>}
        {actsOf(r, role).map((act) => <Button key={act} kind="quiet" onClick={() => ask(act, r)}>{say(act)}</Button>)}
      </span>
    ),
  },
];
