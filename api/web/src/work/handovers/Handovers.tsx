import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, type Tone } from '@/kit/Basics';
import { shortDay, today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { DayField, dayOfField, Form, TextField } from '@/kit/Form';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { listed } from '@/kit/words';
import { useSession } from '@/shell/session';
import { say } from './say';

type Row = RowOf<'/v1/handovers'>;
type Status = NonNullable<Query<'/v1/handovers'>['status']>;

const tones: Record<string, Tone> = { OPEN: 'watch', OVERDUE: 'bad', NOT_PLANNED: 'watch', DONE: 'good' };
const statuses: readonly Status[] = ['OVERDUE', 'OPEN', 'PLANNED', 'NOT_PLANNED', 'DONE'];

const items = ['PERSON', 'EMERGENCY_PLAN', 'TRAINING', 'GRADUAL_HANDOVER'] as const;
const dueField = (i: number) => `items[${i}].dueOn`; // as the server names it

/** What centers must have before the warranty of a project ends. */
export default function Handovers() {
  const { get, set, to, cut } = useAddress();
  const on = asOfDay(cut);
  const role = useSession()?.role ?? '';
  const [show, region, center] = [get('show'), get('region'), get('center')];
  const query: Query<'/v1/handovers'> = {
    ...(region && { region }),
    ...(center && { center }),
    ...(show === '' ? { begun: true } : show !== 'all' && { status: show as Status }),
  };
  const { rows, first, of, more } = useRows('/v1/handovers', { query });
  const [recording, record] = useState<Row>();
  const [planning, plan] = useState<Row>();
  return (
    <Page
      of={of}
      title={say('title')}
      finding={first && rows.length > 0 && say('finding', { n: `${count(rows.length)}${more.has ? '+' : ''}`, late: count(rows.filter((r) => r.status === 'OVERDUE').length), unplanned: count(rows.filter((r) => r.status === 'NOT_PLANNED' && r.warrantyEndsOn < on).length) })}
      help={say('help')}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={show}
          onChoose={(v) => set({ show: v })}
          choices={[{ value: '', label: say('begun') }, ...statuses.map((s) => ({ value: s, label: nameOf('names.HandoverStatus', s) })), { value: 'all', label: say('all') }]}
        />
      }
      actions={
        <>
          <ExportButton view="/v1/handovers" query={query} title={say('title')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={12}>
        {() =>
          rows.length === 0 ? (
            <Empty />
          ) : (
            <Table label={say('title')} columns={columns(to, on, role === 'city-lead' || role === 'regional-admin' ? { record, plan } : undefined)} rows={rows} id={(r) => `${r.project} ${r.item}`} more={more} basis />
          )
        }
      </Answered>
      {recording && (
        <Dialog open onClose={() => record(undefined)} title={say('recordTitle', { project: recording.project, item: nameOf('project.HandoverItem', recording.item) })}>
          <Form
            command="/v1/projects/{project}/handover/{item}"
            params={{ project: recording.project, item: recording.item as 'TRAINING' }}
            start={{ on: today() }}
            body={(v) => ({
              on: dayOfField(v.on),
              evidence: v.evidence ?? '',
              ...(v.person && { person: v.person }),
              ...(v.attended && { attended: v.attended.split(/[、,，;；\n]+/).map((a) => a.trim()).filter(Boolean) }),
            })}
            draft={`handover.${recording.project}.${recording.item}`}
            submit={say('doRecord')}
            onDone={() => record(undefined)}
            onCancel={() => record(undefined)}
          >
            <DayField name="on" label={say('on')} required />
            {recording.item === 'PERSON' && <TextField name="person" label={say('person')} required />}
            {recording.item === 'TRAINING' && <TextField name="attended" label={say('attended')} hint={say('attendedHint')} required />}
            <TextField name="evidence" label={say('paper')} required />
          </Form>
        </Dialog>
      )}
      {planning && (
        <Dialog open onClose={() => plan(undefined)} title={say('planTitle', { project: planning.project, from: planning.from ?? '', ends: planning.warrantyEndsOn })}>
          <Form
            command="/v1/projects/{project}/handover"
            params={{ project: planning.project }}
            start={Object.fromEntries(items.map((item, i) => [dueField(i), rows.find((r) => r.project === planning.project && r.item === item)?.dueOn ?? planning.warrantyEndsOn]))}
            body={(v) => ({ items: items.map((item, i) => ({ item, dueOn: dayOfField(v[dueField(i)]) })) })}
            draft={`handover.${planning.project}`}
            submit={say('doPlan')}
            onDone={() => plan(undefined)}
            onCancel={() => plan(undefined)}
          >
            {items.map((item, i) => <DayField key={item} name={dueField(i)} label={nameOf('project.HandoverItem', item)} required />)}
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'region', head: say('region') },
  { field: 'project', head: say('project') },
  { field: 'name', head: say('project') },
  { field: 'center', head: say('center') },
  { field: 'item', head: say('item') },
  { field: 'dueOn', head: say('due') },
  { field: 'warrantyEndsOn', head: say('ends') },
  { field: 'status', head: say('state') },
  { field: 'doneOn', head: say('on') },
  { field: 'evidence', head: say('evidence') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], on: string, may: { record: (r: Row) => void; plan: (r: Row) => void } | undefined): Column<Row>[] => [
  { key: 'project', head: say('project'), kind: 'name', value: (r) => `${r.project} ${r.name}` },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => r.center && <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  { key: 'region', head: say('region'), kind: 'tight', wide: true, value: (r) => r.region },
  { key: 'item', head: say('item'), kind: 'tight', value: (r) => nameOf('project.HandoverItem', r.item) },
  { key: 'from', head: say('from'), kind: 'tight', wide: true, value: (r) => r.from ?? '' },
  { key: 'due', head: say('due'), kind: 'day', value: (r) => r.dueOn ?? '' },
  { key: 'ends', head: say('ends'), kind: 'day', cell: (r) => <span className={r.status === 'NOT_PLANNED' && r.warrantyEndsOn < on ? 'late' : undefined}>{r.warrantyEndsOn}</span> },
  {
    key: 'state',
    head: say('state'),
    kind: 'tight',
    cell: (r) => (
      <span>
        <Badge tone={tones[r.status]}>{nameOf('names.HandoverStatus', r.status)}</Badge>{' '}
        {r.status === 'OVERDUE' && <span className="late">{say('late', { n: count(r.daysLate ?? 0) })}</span>}
        {r.doneOn && <span className="soft">{shortDay(r.doneOn)}</span>}
      </span>
    ),
  },
  { key: 'evidence', head: say('evidence'), cell: (r) => [personOf(r, 'person'), listed(r.attended ?? []), r.evidence].filter(Boolean).join(' · ') },
  { key: 'acts', head: '', kind: 'tight', cell: (r) => may && r.status !== 'DONE' && (r.status === 'NOT_PLANNED' ? <Button kind="quiet" onClick={() => may.plan(r)}>{say('plan')}</Button> : <><Button kind="quiet" onClick={() => may.record(r)}>{say('record')}</Button> <Button kind="quiet" onClick={() => may.plan(r)}>{say('replan')}</Button></>) },
];
