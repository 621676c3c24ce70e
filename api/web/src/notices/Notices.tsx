import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Clause, type Tone } from '@/kit/Basics';
import { dayOf, moment } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton } from '@/kit/Export';
import { Form, TextField } from '@/kit/Form';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { Timeline } from '@/kit/Timeline';
import { useRows, useView, type Query, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { told } from './recipients';
import { say } from './say';

type Row = RowOf<'/v1/notices'>;
type Status = NonNullable<Query<'/v1/notices'>['status']>;

const tones: Record<string, Tone> = { SENT: 'good', RETRYING: 'watch', ASKED_FOR: 'watch', AWAITS_ADDRESS: 'bad', GIVEN_UP: 'bad' };
const statuses: Status[] = ['SENT', 'RETRYING', 'AWAITS_ADDRESS', 'GIVEN_UP', 'ASKED_FOR'];

/** The outbox: who was told what, and what could not be sent. */
export default function Notices() {
  const { get, set, to } = useAddress();
  const [center, region, project, kind] = [get('center'), get('region'), get('project'), get('kind')];
  const status = statuses.find((s) => s === get('status'));
  const query = { ...(center && { center }), ...(region && { region }), ...(project && { project }), ...(kind && { kind }), ...(status && { status }) };
  const q = useRows('/v1/notices', { query });
  const opened = q.rows.find((r) => r.notice === get('notice'));
  const [sending, send] = useState<Row>();
  const narrowed = center || region || project;
  return (
    <Page
      of={q.of}
      title={say('title')}
      finding={q.first && !q.more.has && q.rows.length > 0 && say('finding', { n: count(q.rows.length), sent: count(q.rows.filter((r) => r.status === 'SENT').length), failed: count(q.rows.filter((r) => tones[r.status] === 'bad').length) })}
      help={say('help')}
      {...(narrowed && { crumbs: [{ label: say('title'), to: to('/notices') }, { label: narrowed }] })}
      filters={<Chips at="status" label={say('filter')} value={status ?? ''} onChoose={(v) => set({ status: v, notice: '' })} choices={[{ value: '', label: say('all') }, ...statuses.map((s) => ({ value: s, label: nameOf('notices.NoticeStatus', s) }))]} />}
      actions={<ExportButton view="/v1/notices" query={query} title={say('title')} columns={exported()} />}
    >
      <div className={opened ? 'beside' : undefined}>
        <Answered of={q.of} rows={10}>
          {() =>
            q.rows.length === 0 ? (
              <Empty>{status ? undefined : <>{say('none')} <Link href={to('/collection')}>{say('collection')}</Link> · <Link href={to('/statements')}>{say('statements')}</Link></>}</Empty>
            ) : (
              <Table label={say('title')} columns={columns(to, Boolean(opened))} rows={q.rows} id={(r) => r.notice} active={get('notice')} onActive={(r) => set({ notice: r.notice === get('notice') ? '' : r.notice }, true)} more={q.more} basis />
            )
          }
        </Answered>
        {opened && (
          <div className="side">
            <Letter of={opened} close={() => set({ notice: '' }, true)} again={() => send(opened)} />
          </div>
        )}
      </div>
      {sending && (
        <Dialog open onClose={() => send(undefined)} title={say('againTitle', { subject: sending.subject || nameOf('notice.Kind', sending.kind) })}>
          <Form command="/v1/notices/{notice}/resend" params={{ notice: sending.notice }} body={(v) => ({ reason: v.reason ?? '' })} draft={`resend.${sending.notice}`} submit={say('doAgain')} onDone={() => send(undefined)} onCancel={() => send(undefined)}>
            <TextField name="reason" label={say('reason')} hint={say('reasonHint')} required lines autoFocus />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'on', head: say('day') },
  { field: 'kind', head: say('kind') },
  { field: 'subject', head: say('subject') },
  { field: 'center', head: say('center') },
  { field: 'project', head: say('project') },
  { field: 'status', head: say('status') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], narrow: boolean): Column<Row>[] => [
  { key: 'on', head: say('day'), kind: 'day', value: (r) => r.on || dayOf(r.recordedAt) },
  { key: 'kind', head: say('kind'), kind: 'tight', value: (r) => nameOf('notice.Kind', r.kind) },
  ...(narrow ? [] : [{ key: 'subject', head: say('subject'), lead: true, value: (r: Row) => r.subject }]),
  { key: 'to', head: say('to'), cell: (r) => <span className="row-text">{told(r.to)}</span> },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => (r.center ? <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> : r.project) },
  { key: 'status', head: say('status'), kind: 'tight', cell: (r) => <><Badge tone={tones[r.status]}>{nameOf('notices.NoticeStatus', r.status)}</Badge> {r.copies > 1 && <span className="soft">{say('copies', { n: r.copies })}</span>}</> },
];

/** One letter: its text as it was sent, and what became of it. */
function Letter({ of: r, close, again }: { of: Row; close: () => void; again: () => void }) {
  const q = useView('/v1/notices/{notice}', { path: { notice: r.notice }, uncut: true });
  const role = useSession()?.role ?? '';
  return (
    <Answered of={q} rows={6}>
      {({ steps }) => {
        const sent = (steps ?? []).filter((s) => s.body).at(-1);
        return (
          <div className="stack">
            <Panel
              title={sent?.subject ?? r.subject ?? nameOf('notice.Kind', r.kind)}
              foot={
                <>
                  {['regional-admin', 'finance', 'hq-affairs-supervisor', 'department-manager'].includes(role) && <Button onClick={again}>{say('again')}</Button>}
                  <Button kind="quiet" onClick={close}>{say('shut')}</Button>
                </>
              }
            >
              <Facts
                of={[
                  { name: say('to'), is: told(sent?.to ?? r.to) },
                  { name: say('cc'), is: told(sent?.cc ?? r.cc) },
                  { name: say('clause'), is: r.clause && <Clause of={r.clause} /> },
                  { name: say('why'), is: r.reason && `${nameOf('notice.Reason', r.reason)} ${r.detail ?? ''}` },
                ]}
              />
              {sent?.body && <pre className="raw letter" tabIndex={0} aria-label={say('text')}>{sent.body}</pre>}
            </Panel>
            <Panel title={say('life')} bare>
              <Timeline steps={(steps ?? []).map((s, i) => ({ key: String(i), day: dayOf(s.at), what: `${nameOf('names.Event', s.event)} ${s.detail ?? ''}`, who: [moment(s.at), personOf(s, 'by')].filter(Boolean).join(' · '), tone: s.event === 'NoticeSent' ? 'good' : s.event === 'NoticeUndeliverable' ? 'bad' : 'plain' }))} />
            </Panel>
          </div>
        );
      }}
    </Answered>
  );
}
