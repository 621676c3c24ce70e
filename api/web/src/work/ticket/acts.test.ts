import { expect, test } from 'vitest';
import { actsOf, arrivalsOf, nextOf } from './acts';

type Ticket = Parameters<typeof actsOf>[0];
type Steps = NonNullable<Parameters<typeof actsOf>[1]>;

const ticket = (of: Partial<Ticket>) => ({ status: 'NOTIFIED', notifiedAt: '2025-12-01T09:00:00+08:00', ...of }) as Ticket;
const steps = (...of: [step: string, at: string][]): Steps => of.map(([step, at]) => ({ step, at, recordedAt: at, actor: '', role: '', position: 1 }));

test('an arrival that was withdrawn is none, one that was entered again stands', () => {
  expect(arrivalsOf(steps(['ARRIVED', 'a'], ['ARRIVED', 'b'], ['ARRIVAL_WITHDRAWN', 'a'])).map((s) => s.at)).toEqual(['b']);
  expect(arrivalsOf(steps(['ARRIVED', 'a'], ['ARRIVAL_WITHDRAWN', 'a'], ['ARRIVED', 'a'])).map((s) => s.at)).toEqual(['a']);
  expect(arrivalsOf(null)).toEqual([]);
});

test('who may do what with a ticket follows from where it stands and from the role', () => {
  const arrived = steps(['ARRIVED', 'a']);
  expect(actsOf(ticket({ notifiedAt: undefined as never, status: 'REGISTERED' }), null, 'technician')).toEqual(['notify', 'escalate', 'offList']);
  expect(actsOf(ticket({}), null, 'technician')).toEqual(['accept', 'arrive', 'fault', 'resolve', 'escalate', 'offList']);
  expect(actsOf(ticket({ status: 'ON_SITE' }), arrived, 'city-lead')).toEqual(['accept', 'arrive', 'resolve', 'escalate', 'offList', 'compensate', 'withdraw', 'override']);
  expect(actsOf(ticket({ status: 'CLOSED' }), arrived, 'tech-group-lead')).toEqual(['withdraw']);
  expect(actsOf(ticket({ status: 'RESOLVED' }), arrived, 'center-head')).toEqual(['close', 'reopen', 'escalate']);
  expect(actsOf(ticket({}), arrived, 'finance')).toEqual([]);
});

test('what comes next is open at once, what is done now and then is opened by a press', () => {
  const next = (of: Partial<Ticket>, role: string) => nextOf(actsOf(ticket(of), steps(['ARRIVED', 'a']), role), ticket(of));
  expect(next({}, 'technician')).toBe('accept');
  expect(next({ acceptedAt: 'a' }, 'technician')).toBe('arrive');
  expect(next({ acceptedAt: 'a', arrivedAt: 'b' }, 'technician')).toBe('resolve');
  expect(next({ status: 'CLOSED' }, 'tech-group-lead')).toBeUndefined();
});
