import type { ReactNode } from 'react';
import { codeName, nameOf } from '@/api/names';
import { daysBetween, dayOf, moment } from './dates';
import { money, percent } from './fen';
import { Facts, Panel } from './Panel';
import { personOf } from './person';
import { words } from './words';

// Events as they were recorded: who did what, when, under which clause; what each
// set; and the event itself.

export interface TrailEvent {
  position: number;
  stream: string;
  revision: number;
  type: string;
  on: string;
  recordedAt: string;
  actor: string;
  /** What the actor is called; absent where only the login is known. */
  actorName?: string;
  role: string;
  clause: string;
  commandKey?: string;
  data: string;
  digest?: string;
  /** Whom its data names by their logins. */
  people?: { person: string; personName?: string }[] | null;
}

const say = words({
  event: ['原始事件', 'Source event'],
  at: ['{type} · 位置 {position}', '{type} · position {position}'],
  stream: ['流', 'Stream'],
  nth: ['{stream} 第 {n} 条', '{stream}, event {n}'],
  recorded: ['记录于', 'Recorded'],
  by: ['经办', 'By'],
  command: ['命令', 'Command'],
  digest: ['摘要', 'Digest'],
  none: ['无', 'none'],
  promptly: ['及时', 'promptly'],
  yes: ['是', 'yes'],
  no: ['否', 'no'],
  unread: ['填报时没有查看日志', 'nothing was read from the log when it was filed'],
  person: ['{name}（{role}）', '{name} ({role})'],
  byItself: ['自动核销，因{who}的记录', 'applied by itself, upon a record by {who}'],
  'own-submission': ['是本人经手的，应由别人审', 'submitted by themselves: another person decides'],
  'second-gate': ['前一关是本人审的，这一关应由别人审', 'they passed an earlier gate: another person decides'],
});

/** Who did it, and in which role. Only finance applies money: where another's record had it applied, it went by itself. */
export const person = (e: { actor: string; actorName?: string; role: string; type?: string; event?: string }): string => {
  const name = personOf(e, 'actor');
  const who = e.role ? say('person', { name, role: nameOf('domain.Role', e.role) }) : name;
  return (e.type ?? e.event) === 'PaymentAllocated' && e.role && e.role !== 'finance' ? say('byItself', { who }) : who;
};

/** Days from what happened to its being recorded. */
export const lateness = (e: { on: string; recordedAt: string }): number => (e.on ? daysBetween(e.on, dayOf(e.recordedAt)) : 0);

type Data = Record<string, unknown>;

export function dataOf(e: { data: string }): Data {
  try {
    const data: unknown = JSON.parse(e.data);
    return data && typeof data === 'object' ? (data as Data) : {};
  } catch {
    return {};
  }
}

/** What an event says of itself in a few words. */
export function eventDetail(e: TrailEvent): ReactNode {
  const d = dataOf(e);
  const inner = (d.replacement ?? d.money ?? {}) as Data;
  const text = (of: Data, ...names: string[]): string => {
    for (const n of names) {
      const value = of[n];
      if (typeof value === 'string' && value) return codeName(value, n, e.stream);
    }
    return '';
  };
  const parts = [
    text(d, 'service', 'need', 'device', 'part', 'symptom', 'item'),
    text(d, 'room'),
    text(d, 'serial'),
    e.type === 'ChargeAccrued' && text(d, 'unitPrice') ? `${text(d, 'quantity')} ${text(d, 'unit')} × ${money2(text(d, 'unitPrice'))}` : '',
    text(inner, 'part') && `${text(inner, 'part')} × ${text(inner, 'quantity')}`,
    text(d, 'payment', 'bankRef', 'statement', 'slip', 'month'),
    text(d, 'cause'),
    text(d, 'how'),
    e.type === attempt ? ruleName(text(d, 'rule')) : text(d, 'reason', 'note', 'remark'),
  ];
  return parts.filter(Boolean).join(' ');
}

/** Somebody tried to decide on what was their own. Its rule says why it was refused; its reason is that in the words of programs. */
const attempt = 'OwnDecisionRefused';
const ruleName = (rule: string): string => (rule === 'own-submission' || rule === 'second-gate' ? say(rule) : rule);

const money2 = (t: string) => (/^\d+(\.\d{1,2})?$/.test(t) ? money(t) : t);

/** The record that an event is about, whose fields its data are. */
export interface Subject {
  /** The name of its number, such as charge, payment or slip. */
  kind: string;
  number: string;
}

/** What a ticket and a project hold whose events name it after them. */
const held = new Set(['line', 'escalation', 'slip', 'receipt', 'adjustment', 'count', 'shipment', 'transfer', 'override']);

/**
 * Which record an event is about. Events name it before all else, after the ticket or the project that holds it; a report
 * is one form of a project's month, a charge that came from another center is a charge, and what was refused set nothing
 * of the record that it was tried on.
 */
export function subjectOf(e: TrailEvent): Subject {
  const d = dataOf(e);
  const [first = '', second = ''] = Object.keys(d);
  const kind = e.type.endsWith('Refused')
    ? 'refused'
    : e.type === 'ChargeTransferredIn'
      ? 'charge'
      : /^Report/.test(e.type) && 'form' in d
        ? 'form'
        : (first === 'ticket' || first === 'project') && held.has(second)
          ? second
          : first;
  const number = d[kind === 'refused' ? ('document' in d ? 'document' : first) : kind];
  return { kind, number: typeof number === 'string' ? number : '' };
}

export interface Field {
  name: string;
  subject: Subject;
  value: string;
  /** As the event has it: a login, a code. */
  raw: string;
  event: TrailEvent;
}

/** A value of an event as people read it: an amount, a moment, a code and a person by their names. */
function shownValue(value: unknown, field: string, { stream, type, people }: TrailEvent): string {
  if (typeof value === 'boolean') return value ? say('yes') : say('no');
  const text = String(value);
  if (/(^|\.)unitPrice$/.test(field)) return money2(text);
  if (/(^|\.)rate$/.test(field) && /^\d*\.?\d+$/.test(text)) return percent(text);
  if (/^-?\d+\.\d{2}$/.test(text)) return money(text);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return moment(text);
  if (value === 0 && field === 'through') return say('unread');
  if (isCell(text)) return say(text); // a cell of the service table (5.4)
  if (type === attempt && field === 'rule') return ruleName(text);
  const named = people?.find((p) => p.person === text)?.personName;
  if (named) return named;
  return codeName(text, field, stream);
}

const isCell = (text: string): text is 'none' | 'promptly' => text === 'none' || text === 'promptly';

/**
 * Each field of each record with the event that set it last: who, when, under which clause, in the order in which the events
 * have them. Those of the record whose life it is come first: of the number asked for or, without one, of the first event.
 */
export function fieldsOf(events: readonly TrailEvent[], record = ''): Field[] {
  const last = new Map<string, Field>();
  const order: string[] = [];
  const subjects = new Map(events.map((e) => [e, subjectOf(e)]));
  const walk = (value: unknown, name: string, event: TrailEvent) => {
    if (value === null || value === undefined || Array.isArray(value)) return; // lists are of other records
    if (typeof value === 'object') {
      for (const [k, v] of Object.entries(value)) if (event.type !== attempt || k !== 'reason') walk(v, name ? `${name}.${k}` : k, event);
      return;
    }
    const subject = subjects.get(event) ?? subjectOf(event);
    last.set(`${keyOf(subject)} ${name}`, { name, subject, value: shownValue(value, name, event), raw: String(value), event });
  };
  for (const e of events) {
    order.push(keyOf(subjects.get(e) ?? subjectOf(e)));
    walk(dataOf(e), '', e);
  }
  const own = ownOf(events, record);
  const rank = (s: Subject) => (keyOf(s) === own ? -1 : order.indexOf(keyOf(s)));
  return [...last.values()].sort((a, b) => rank(a.subject) - rank(b.subject));
}

export const keyOf = (s: Subject): string => `${s.kind} ${s.number}`;

/** The key of the record whose life these events are. */
export function ownOf(events: readonly TrailEvent[], record = ''): string {
  const all = events.map(subjectOf).filter((s) => s.kind !== 'refused');
  const own = all.find((s) => s.number === record) ?? all[0];
  return own ? keyOf(own) : '';
}

/** The event itself, as the log has it. */
export function EventPanel({ of }: { of: TrailEvent }) {
  return (
    <Panel title={say('event')} note={say('at', { type: of.type, position: of.position })}>
      <Facts
        of={[
          { name: say('stream'), is: <code>{say('nth', { stream: of.stream, n: of.revision + 1 })}</code> },
          { name: say('recorded'), is: moment(of.recordedAt, true) },
          { name: say('by'), is: person(of) },
          { name: say('command'), is: of.commandKey && <code>{of.commandKey}</code> },
          { name: say('digest'), is: <code>{of.digest}</code> },
        ]}
      />
      <pre className="raw" tabIndex={0} aria-label={of.type}>
        {JSON.stringify(dataOf(of), null, 2)}
      </pre>
    </Panel>
  );
}
