import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { shortDay } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { Form, TextField } from '@/kit/Form';
import { count, money, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { listed, within } from '@/kit/words';
import { useSession } from '@/shell/session';
import { asked, AskedLines, emptyLine } from './asked';
import { Party } from '../Party';
import { say } from './say';

type Row = RowOf<'/v1/requisitions'>;
type Gate = NonNullable<Query<'/v1/requisitions'>['awaiting']>;

export const tones: Record<string, Tone> = { IN_REVIEW: 'watch', AWAITING_APPROVAL: 'watch', REJECTED: 'bad', RECEIVED: 'good' };
/** At which gate a role decides. */
export const gates: Record<string, Gate> = { 'tech-group-lead': 'TECH_GROUP', 'hq-affairs-supervisor': 'HQ_AFFAIRS', 'materials-planner': 'MATERIALS_PLANNER', 'department-manager': 'DEPARTMENT_MANAGER' };

/** Material that is asked for: reviewed, approved, ordered, received. */
export default function Requisitions() {
  const { get, set, to } = useAddress();
  const role = useSession()?.role ?? '';
  const gate = gates[role];
  const [show, region] = [get('show'), get('region')];
  const query: Query<'/v1/requisitions'> = {
    ...(region && { region }),
    ...(show === 'mine' && gate && { awaiting: gate }),
    ...(show === 'all' && { all: true }),
  };
  const { rows, first, of, more } = useRows('/v1/requisitions', { query });
  const [deciding, decide] = useState<Row>();
  const [asking, ask] = useState(false);
  return (
    <Page
      of={of}
      title={say('title')}
      finding={first && say('finding', { n: `${count(rows.length)}${more.has ? '+' : ''}`, total: money(first.total), ordered: money(first.ordered) })}
      help={say('help')}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v })}
          choices={[{ value: '', label: say('open') }, ...(gate ? [{ value: 'mine', label: say('mine') }] : []), { value: 'all', label: say('all') }]}
        />
      }
      actions={
        <>
          {role === 'project-leader' && <Button kind="main" onClick={() => ask(true)}>{say('ask')}</Button>}
          <ExportButton view="/v1/requisitions" query={query} title={say('title')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={12}>
        {(f) =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('title')}
              columns={columns(to, gate, decide)}
              rows={rows}
              id={(r) => r.requisition}
              more={more}
              totals={{ label: say('total'), cells: { total: <Money of={f.total} />, ordered: <Money of={f.ordered} />, ...(!more.has && { received: <Money of={sum(rows.map((r) => r.received))} /> }) } }}
              basis
            />
          )
        }
      </Answered>
      {deciding && (
        <Dialog open onClose={() => decide(undefined)} title={say('decideTitle', { number: deciding.requisition, sum: money(deciding.total) })}>
          <Decide requisition={deciding.requisition} close={() => decide(undefined)} />
        </Dialog>
      )}
      {asking && (
        <Dialog open wide onClose={() => ask(false)} title={say('askTitle')}>
          <Form
            command="/v1/requisitions"
            params={undefined}
            start={emptyLine}
            body={(v) => ({ project: v.project ?? '', lines: asked(v) })}
            draft="requisition.new"
            submit={say('doAsk')}
            onDone={() => ask(false)}
            onCancel={() => ask(false)}
          >
            <TextField name="project" label={say('project')} required autoFocus />
            <AskedLines />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

/** The word of one gate. */
export function Decide({ requisition, close }: { requisition: string; close?: () => void }) {
  const [way, go] = useState<'approve' | 'reject'>('approve');
  return (
    <>
      <Chips
        label={say('what')}
        value={way}
        onChoose={(v) => go(v as 'approve')}
        choices={(['approve', 'reject'] as const).map((v) => ({ value: v, label: say(v) }))}
      />
      <Form
        command="/v1/requisitions/{requisition}/decision"
        params={{ requisition }}
        body={(v) => ({ approve: way === 'approve', ...(v.note && { note: v.note }) })}
        draft={`requisition.${requisition}`}
        submit={say(way)}
        kind={way === 'approve' ? 'main' : 'danger'}
        {...(close && { onDone: close, onCancel: close })}
      >
        <TextField name="note" label={say('note')} hint={say('noteHint')} required={way === 'reject'} lines autoFocus />
      </Form>
    </>
  );
}

const exported = () => [
  { field: 'requisition', head: say('number') },
  { field: 'region', head: say('region') },
  { field: 'project', head: say('project') },
  { field: 'requestedOn', head: say('on') },
  { field: 'byName', head: say('by') },
  { field: 'status', head: say('state') },
  { field: 'total', head: say('estimate') },
  { field: 'ordered', head: say('ordered') },
  { field: 'received', head: say('received') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], gate: Gate | undefined, decide: (r: Row) => void): Column<Row>[] => [
  { key: 'number', head: say('number'), kind: 'tight', cell: (r) => <Link href={to(`/requisitions/${r.requisition}`)}>{r.requisition}</Link> },
  { key: 'project', head: say('project'), kind: 'tight', value: (r) => [r.region, r.project].join(' ') },
  { key: 'on', head: say('on'), kind: 'day', value: (r) => r.requestedOn },
  { key: 'by', head: say('by'), kind: 'tight', wide: true, value: (r) => personOf(r, 'by') },
  { key: 'lines', head: say('lines'), kind: 'quantity', wide: true, value: (r) => String(r.lines) },
  { key: 'wanted', head: say('wanted'), kind: 'quantity', wide: true, value: (r) => r.wanted ?? '' },
  {
    key: 'state',
    head: say('state'),
    cell: (r) => (
      <span>
        <Badge tone={tones[r.status]}>{nameOf('repairs.RequisitionStatus', r.status)}</Badge>{' '}
        <span className="soft">
          {r.rejected
            ? say('rejectedBy', { gate: within(nameOf('requisition.Gate', r.rejected.gate)), by: personOf(r.rejected, 'by'), reason: r.rejected.reason })
            : r.waitsFor?.length
              ? say('waitsFor', { gates: listed(r.waitsFor.map((g) => within(nameOf('requisition.Gate', g)))) })
              : <><Party name={r.supplier} unrecorded={r.supplierUnrecorded} /> {r.expectedOn && r.status === 'ORDERED' && say('due', { day: shortDay(r.expectedOn) })}</>}
        </span>{' '}
        {gate && r.waitsFor?.includes(gate) && <Button kind="quiet" onClick={() => decide(r)}>{say('decide')}</Button>}
      </span>
    ),
  },
  { key: 'total', head: say('estimate'), kind: 'money', value: (r) => r.total },
  { key: 'ordered', head: say('ordered'), kind: 'money', value: (r) => r.ordered },
  { key: 'received', head: say('received'), kind: 'money', wide: true, value: (r) => r.received },
];
