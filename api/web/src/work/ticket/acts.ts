import type { Answer } from '@/kit/view';

// What may be done with a ticket: by where it stands, and by the role of who looks at it. The
// server decides each time; here it is only said what deserves a form.

type Body = Answer<'/v1/tickets/{ticket}'>;
type Ticket = Body['ticket'];
type Step = NonNullable<Body['steps']>[number];

/** In the order of a ticket's course; what follows `reopen` is done now and then, and is opened by a press alone. */
export const acts = ['notify', 'accept', 'arrive', 'fault', 'resolve', 'close', 'reopen', 'escalate', 'offList', 'quote', 'compensate', 'withdraw', 'override'] as const;
export type Act = (typeof acts)[number];

const registrars = ['center-registrar', 'center-maintenance', 'technician', 'city-lead'];
const workers = ['technician', 'city-tech-lead', 'city-lead', 'tech-group-lead'];
const closers = ['technician', 'city-lead', 'center-registrar', 'center-maintenance', 'center-head'];
const overriders = ['city-lead', 'tech-group-lead', 'hq-affairs-supervisor', 'department-manager'];

/** Whose act each is, api/kit/ROLES.md. */
const roles: Record<Act, readonly string[]> = {
  notify: registrars,
  accept: workers,
  arrive: workers,
  fault: ['technician', 'city-tech-lead'],
  resolve: workers,
  close: closers,
  reopen: closers,
  escalate: ['technician', 'city-lead', 'city-tech-lead', 'regional-admin', 'hq-affairs-supervisor', 'center-registrar', 'center-maintenance', 'center-head'],
  offList: ['technician', 'city-lead', 'regional-admin'],
  quote: ['hq-affairs-supervisor'],
  compensate: ['city-lead'],
  withdraw: overriders,
  override: overriders,
};

/** The arrivals of a ticket that stand: what was withdrawn is none. */
export function arrivalsOf(steps: readonly Step[] | null): Step[] {
  const gone = new Set<string>();
  const stand: Step[] = [];
  for (const s of [...(steps ?? [])].reverse()) {
    if (s.step === 'ARRIVAL_WITHDRAWN') gone.add(s.at);
    if (s.step === 'ARRIVED' && !gone.delete(s.at)) stand.unshift(s);
  }
  return stand;
}

/** Whether where a ticket stands allows an act. */
const stands: Record<Act, (t: Ticket, arrived: boolean) => boolean> = {
  notify: (t) => !t.notifiedAt,
  accept: (t) => underWay(t), // another technician may take it over
  arrive: (t) => underWay(t),
  fault: (t) => !!t.notifiedAt && t.status !== 'CLOSED',
  resolve: (t) => underWay(t),
  close: (t) => t.status === 'RESOLVED',
  reopen: (t) => t.status === 'RESOLVED' || t.status === 'CLOSED',
  escalate: (t) => t.status !== 'CLOSED',
  offList: () => true,
  quote: (t) => !!t.notifiedAt,
  compensate: (t) => !!t.notifiedAt,
  withdraw: (_, arrived) => arrived,
  override: (t) => !!t.notifiedAt && t.status !== 'CLOSED',
};

const underWay = (t: Ticket): boolean => !!t.notifiedAt && t.status !== 'RESOLVED' && t.status !== 'CLOSED';

/** What a role may do with a ticket. */
export const actsOf = (t: Ticket, steps: readonly Step[] | null, role: string): Act[] => {
  const arrived = arrivalsOf(steps).length > 0;
  return acts.filter((a) => roles[a].includes(role) && stands[a](t, arrived));
};

/** What comes next in the course of the ticket: its form is open at once. */
export const nextOf = (may: readonly Act[], t: Ticket): Act | undefined =>
  (['notify', ...(t.acceptedAt ? [] : (['accept'] as const)), ...(t.arrivedAt ? [] : (['arrive'] as const)), 'resolve', 'close'] as const).find((a) => may.includes(a));
