import { fieldName, nameOf, useSaid } from '@/api/names';
import { useAddress } from './address';
import { Chips, Clause } from './Basics';
import { dayOf, isDay, moment } from './dates';
import { count } from './fen';
import { Panel } from './Panel';
import { called, usePlaces } from './places';
import { Answered, Empty } from './States';
import { Table } from './Table';
import { Timeline, type Step } from './Timeline';
import { eventDetail, EventPanel, fieldsOf, keyOf, lateness, ownOf, person, type Field, type TrailEvent } from './Trail';
import { useView } from './view';
import { words } from './words';

// The life and the blame of any record: what each event set, when, who, under which
// clause; the event itself is one press further. What is opened is in the address.

const say = words({
  life: ['来历', 'History'],
  lifeNote: ['按发生日；点任一步看原始事件', 'By date; select a step to see its source event'],
  view: ['看法', 'View'],
  steps: ['经过', 'Steps'],
  byField: ['谁在何时定的', 'Who set what'],
  events: ['原始事件', 'Source events'],
  field: ['字段', 'Field'],
  own: ['本记录：{kind} {number}', 'This record: {kind} {number}'],
  other: ['{kind} {number}：以下各栏是它的，不是本记录的', '{kind} {number}: the fields below are its own, not this record’s'],
  note: ['红冲', 'Credit note'],
  finding: ['差异', 'Finding'],
  refused: ['未获允许的操作 {number}：什么也没有改', 'Refused action {number}: nothing was changed'],
  lastDay: ['截止日', 'Last day'],
  value: ['值', 'Value'],
  by: ['经办', 'By'],
  recorded: ['记录于', 'Recorded'],
  clause: ['条款', 'Clause'],
  stream: ['流', 'Stream'],
  on: ['发生日', 'Date'],
  late: ['晚 {n} 天记录', 'recorded {n} {n|day|days} late'],
  left: ['更早的 {n} 条没有列出', '{n} earlier ones are not listed'],
  none: ['在所选的日期与时点还没有记录。', 'Nothing had been recorded on the chosen date and at the chosen moment.'],
});

export function toneOf(type: string): NonNullable<Step['tone']> {
  if (/Disputed|Refused|Rejected|Conflict|(Report|Request)Returned|Undeliverable/.test(type)) return 'bad';
  if (/Superseded|Reopened|Reversed|Refunded|Bounced|WrittenOff|Withdrawn|Escalated/.test(type)) return 'watch';
  if (/Confirmed|FaultRecorded|PartIssued|Approved|Reviewed|Resolved|Closed|Sent$/.test(type)) return 'good';
  return 'plain';
}

/** An event as a step of a time line. */
export function stepOf(e: TrailEvent): Step {
  const late = lateness(e);
  return {
    key: String(e.position),
    day: e.on || dayOf(e.recordedAt),
    what: (
      <>
        {nameOf('names.Event', e.type)} {eventDetail(e)}
      </>
    ),
    who: person(e),
    clause: e.clause,
    tone: toneOf(e.type),
    ...(late >= 1 && { note: say('late', { n: late }) }),
  };
}

/** What a field is called. What a period reaches to is a day; what was read of the log reaches to a position of it. */
const nameOfField = (f: Field): string =>
  f.name
    .split('.')
    .map((part) => (part === 'through' && isDay(f.raw) ? say('lastDay') : fieldName(part)))
    .join(' · ')
    .replace(/^[a-z]/, (first) => first.toUpperCase());

/** In the order of the days on which things happened; of one day, in the order of their entry. */
export const byDay = (steps: Step[]): Step[] => [...steps].sort((a, b) => a.day.localeCompare(b.day));

/** Each field, under the record that it belongs to, with the event that set it last: who, when, under which clause. */
export function FieldsTable({ of, record = '' }: { of: readonly TrailEvent[]; record?: string }) {
  const rows = useSaid(() => fieldsOf(of, record), [of, record]);
  const { set } = useAddress();
  const places = usePlaces();
  const own = ownOf(of, record);
  /** What is the code of a center or a project bears its name. */
  const value = (f: Field) => {
    const last = f.name.split('.').at(-1);
    return last === 'center' ? called(f.value, places.center(f.value)) : last === 'project' ? called(f.value, places.project(f.value)) : f.value;
  };
  const group = (key: string, [first]: Field[]) => {
    const { kind = '', number = '' } = first?.subject ?? {};
    return { label: kind === 'refused' ? say('refused', { number }) : say(key === own ? 'own' : 'other', { kind: kind === 'note' || kind === 'finding' ? say(kind) : fieldName(kind), number }) };
  };
  return (
    <Table
      label={say('byField')}
      rows={rows}
      id={(f) => `${keyOf(f.subject)} ${f.name}`}
      groupOf={(f) => keyOf(f.subject)}
      group={group}
      columns={[
        { key: 'name', head: say('field'), cell: (f) => nameOfField(f) },
        { key: 'value', head: say('value'), cell: (f) => <span className="field-value">{value(f)}</span> },
        { key: 'who', head: say('by'), kind: 'name', value: (f) => person(f.event) },
        { key: 'when', head: say('recorded'), kind: 'day', value: (f) => moment(f.event.recordedAt) },
        {
          key: 'event',
          head: say('events'),
          wide: 'desk',
          cell: (f) => <button type="button" className="plain link" onClick={() => set({ event: String(f.event.position) }, true)}>{nameOf('names.Event', f.event.type)}</button>,
        },
        { key: 'clause', head: say('clause'), kind: 'tight', cell: (f) => <Clause of={f.event.clause} /> },
      ]}
    />
  );
}

/** The events as they lie in the log. */
export function EventsTable({ of }: { of: readonly TrailEvent[] }) {
  const { get, set } = useAddress();
  return (
    <Table
      label={say('events')}
      rows={of}
      id={(e) => String(e.position)}
      active={get('event')}
      onActive={(e) => set({ event: String(e.position) }, true)}
      columns={[
        { key: 'position', head: '#', kind: 'tight', cell: (e) => <button type="button" className="sort" onClick={() => set({ event: String(e.position) }, true)}>{e.position}</button> },
        { key: 'type', head: say('events'), value: (e) => nameOf('names.Event', e.type) },
        { key: 'stream', head: say('stream'), wide: true, cell: (e) => <code>{e.stream}</code> },
        { key: 'on', head: say('on'), kind: 'day', value: (e) => e.on },
        { key: 'recorded', head: say('recorded'), kind: 'day', value: (e) => moment(e.recordedAt) },
        { key: 'who', head: say('by'), value: (e) => person(e) },
        { key: 'clause', head: say('clause'), kind: 'tight', cell: (e) => <Clause of={e.clause} /> },
      ]}
    />
  );
}

const views = ['', 'fields', 'events'] as const;

/**
 * The life of a record, read from the log itself: the events of its streams that
 * name it (all of them without a name), as steps, by field, or as they lie in the log.
 * A page that tells the steps itself begins with the fields.
 */
export function RecordLife({ streams, names = '', first = '' }: { streams: string[]; names?: string; first?: (typeof views)[number] }) {
  const { get, set } = useAddress();
  const q = useView('/v1/trail', { query: { stream: streams, ...(names && { names }) }, explode: true });
  const view = get('life') === 'steps' ? '' : (views.find((v) => v !== '' && v === get('life')) ?? first);
  const events = q.data?.events ?? [];
  const chosen = events.find((e) => String(e.position) === get('event'));
  const choose = (key: string) => set({ event: get('event') === key ? '' : key }, true);
  return (
    <div className="stack">
      <Panel
        title={say('life')}
        note={
          <Chips
            at={get('life') === 'steps' ? undefined : 'life'}
            label={say('view')}
            value={view}
            onChoose={(v) => set({ life: v === first ? '' : v || 'steps' }, true)}
            choices={[
              { value: '', label: say('steps'), count: q.data && events.length },
              { value: 'fields', label: say('byField') },
              { value: 'events', label: say('events') },
            ]}
          />
        }
        bare
        foot={q.data?.left ? <span className="soft">{say('left', { n: count(q.data.left) })}</span> : view === '' && events.length > 0 && <span className="soft">{say('lifeNote')}</span>}
      >
        <Answered of={q} rows={4}>
          {() =>
            events.length === 0 ? (
              <Empty>{say('none')}</Empty>
            ) : view === 'fields' ? (
              <FieldsTable of={events} record={names} />
            ) : view === 'events' ? (
              <EventsTable of={events} />
            ) : (
              <Timeline steps={byDay(events.map(stepOf))} chosen={get('event')} onChoose={choose} />
            )
          }
        </Answered>
      </Panel>
      {chosen && <EventPanel of={chosen} />}
    </div>
  );
}
