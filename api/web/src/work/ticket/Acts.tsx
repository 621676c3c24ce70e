import { useEffect, useState, type ReactNode } from 'react';
import { nameOf } from '@/api/names';
import { Chips } from '@/kit/Basics';
import { moment, today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { DayField, dayOfField, Form, MomentField, momentOfField, SelectField, TextField, thisMinute, TickField, useForm, useMinute } from '@/kit/Form';
import { quantityOf } from '@/kit/fen';
import { Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Seen } from '@/kit/States';
import type { Answer } from '@/kit/view';
import { AskOffList } from '@/money/corrections/AskOffList';
import { FileCompensation, QuoteCompensation } from '@/money/corrections/Compensation';
import { useSession } from '@/shell/session';
import { actsOf, arrivalsOf, nextOf, type Act } from './acts';
import { say } from './say';

type Body = Answer<'/v1/tickets/{ticket}'>;

/** Codes as choices, in the words of their kind. */
const choices = (enumeration: string, codes: readonly string[]) => codes.map((value) => ({ value, label: nameOf(enumeration, value) }));

const categories = ['EMERGENCY', 'ORDINARY'] as const;
const causes = ['WEAR', 'HUMAN_DAMAGE', 'LIGHTNING', 'TYPHOON', 'FORCE_MAJEURE', 'UNKNOWN'] as const;
const resolutions = ['ON_SITE', 'REPLACED', 'PHONE', 'WORK_DONE', 'NOTHING_FOUND'] as const;
const reasons = ['LEFTOVER_DEFECT', 'IMPORTANT'] as const;
const items = ['BEARER', 'TRAVEL', 'CATEGORY', 'DEADLINE'] as const;

/** What may stand in place of each item that was frozen at notification; a deadline is none, or another moment. */
const values: Record<string, readonly string[]> = { BEARER: ['DEPARTMENT', 'CENTER'], TRAVEL: ['CHARGED', 'FREE'], CATEGORY: categories, DEADLINE: ['NONE', 'AT'] };

const none: readonly string[] = [];

/** Papers of many fields: they lie over the page, as wide as they are written. */
const papers: readonly Act[] = ['fault', 'offList', 'quote', 'compensate'];

/** What the state of the ticket and the role of the reader allow. */
export function Acts({ of }: { of: Body }) {
  const t = of.ticket;
  const session = useSession();
  const [wanted, go] = useState<Act | ''>('');
  const may = actsOf(t, of.steps, session?.role ?? '');
  const act = may.find((m) => m === wanted) ?? nextOf(may, t);
  const params = { ticket: t.ticket };
  const common = (a: Act) => ({ key: a, params, draft: `ticket.${a}.${t.ticket}`, submit: say(`do_${a}`) });
  const shut = () => go('');
  const work = { center: t.center, project: t.project, room: t.room ?? '', owner: personOf(t, 'owner'), ticket: t.ticket };
  useMinute(); // nobody has arrived at the moment at which the page was opened
  if (!may.length) return null;
  const forms: Record<Act, () => ReactNode> = {
    notify: () => (
      <Form command="/v1/tickets/{ticket}/notification" {...common('notify')} start={{ notifiedAt: thisMinute() }} body={(v) => ({ notifiedAt: momentOfField(v.notifiedAt), category: v.category as (typeof categories)[number] })}>
        <div className="field-row">
          <MomentField name="notifiedAt" label={say('notifiedAt')} required />
          <SelectField name="category" label={say('category')} hint={say('categoryHint')} required options={choices('policy.Category', categories)} />
        </div>
      </Form>
    ),
    accept: () => (
      <Form command="/v1/tickets/{ticket}/acceptance" {...common('accept')} start={{ acceptedAt: thisMinute() }} body={(v) => ({ acceptedAt: momentOfField(v.acceptedAt), ...(v.technician && { technician: v.technician }) })}>
        <div className="field-row">
          <MomentField name="acceptedAt" label={say('acceptedAt')} required />
          <TextField name="technician" label={say('technician')} hint={say('selfHint')} />
        </div>
      </Form>
    ),
    arrive: () => (
      <Form command="/v1/tickets/{ticket}/arrivals" {...common('arrive')} start={{ arrivedAt: thisMinute() }} body={(v) => ({ arrivedAt: momentOfField(v.arrivedAt), ...(v.technician && { technician: v.technician }) })}>
        <div className="field-row">
          <MomentField name="arrivedAt" label={say('arrivedAt')} hint={say('arrivedHint')} required />
          <TextField name="technician" label={say('technician')} hint={say('selfHint')} />
        </div>
      </Form>
    ),
    fault: () => <Fault ticket={t.ticket} device={t.device ?? ''} room={t.room ?? ''} close={shut} />,
    resolve: () => (
      <Form
        command="/v1/tickets/{ticket}/resolution"
        {...common('resolve')}
        start={{ resolvedAt: thisMinute() }}
        body={(v) => ({ resolvedAt: momentOfField(v.resolvedAt), how: v.how as (typeof resolutions)[number], ...(v.note && { note: v.note }) })}
      >
        <div className="field-row">
          <MomentField name="resolvedAt" label={say('resolvedAt')} required />
          <SelectField name="how" label={say('how')} hint={say('howHint')} required options={choices('ticket.Resolution', resolutions)} />
        </div>
        <TextField name="note" label={say('note')} lines />
      </Form>
    ),
    close: () => (
      <Form command="/v1/tickets/{ticket}/closing" {...common('close')} start={{ closedAt: thisMinute() }} body={(v) => ({ closedAt: momentOfField(v.closedAt), ...(v.note && { note: v.note }) })}>
        <MomentField name="closedAt" label={say('closedAt')} required />
        <TextField name="note" label={say('closeNote')} lines />
      </Form>
    ),
    reopen: () => (
      <Form command="/v1/tickets/{ticket}/reopening" {...common('reopen')} start={{ reopenedAt: thisMinute() }} body={(v) => ({ reopenedAt: momentOfField(v.reopenedAt), reason: v.reason ?? '' })}>
        <MomentField name="reopenedAt" label={say('reopenedAt')} required />
        <TextField name="reason" label={say('reopenReason')} required lines />
      </Form>
    ),
    escalate: () => (
      <Form
        command="/v1/tickets/{ticket}/escalations"
        {...common('escalate')}
        start={{ escalatedAt: thisMinute() }}
        body={(v) => ({ reason: v.reason as (typeof reasons)[number], matter: v.matter ?? '', escalatedAt: momentOfField(v.escalatedAt), ...(v.complaintRisk && { complaintRisk: true }) })}
      >
        <p className="soft">{say('escalateHelp')}</p>
        <div className="field-row">
          <SelectField name="reason" label={say('escalateReason')} required options={choices('ticket.EscalationReason', reasons)} />
          <MomentField name="escalatedAt" label={say('escalatedAt')} required />
        </div>
        <TextField name="matter" label={say('matter')} required lines />
        <TickField name="complaintRisk" label={say('complaintRisk')} hint={say('complaintHint')} />
      </Form>
    ),
    // These change the center's account, not the ticket that is shown.
    offList: () => (
      <Seen.Provider value={undefined}>
        <AskOffList close={shut} of={work} />
      </Seen.Provider>
    ),
    quote: () => (
      <Seen.Provider value={undefined}>
        <QuoteCompensation close={shut} of={work} />
      </Seen.Provider>
    ),
    compensate: () => (
      <Seen.Provider value={undefined}>
        <FileCompensation close={shut} center={t.center} ticket={t.ticket} />
      </Seen.Provider>
    ),
    withdraw: () => (
      <Form
        command="/v1/tickets/{ticket}/arrivals/withdrawal"
        {...common('withdraw')}
        kind="danger"
        start={{ arrivedAt: arrivalsOf(of.steps).length === 1 ? (arrivalsOf(of.steps)[0]?.at ?? '') : '' }}
        body={(v) => ({ arrivedAt: v.arrivedAt ?? '', reason: v.reason ?? '', ...(v.instead && { instead: momentOfField(v.instead) }) })}
      >
        <p className="soft">{say('withdrawHelp')}</p>
        <SelectField name="arrivedAt" label={say('whichArrival')} required options={arrivalsOf(of.steps).map((a) => ({ value: a.at, label: `${moment(a.at, true)} ${personOf(a, 'who')}` }))} />
        <MomentField name="instead" label={say('instead')} hint={say('insteadHint')} />
        <TextField name="reason" label={say('withdrawReason')} required lines />
      </Form>
    ),
    override: () => (
      <Form
        command="/v1/tickets/{ticket}/coverage-overrides"
        {...common('override')}
        body={(v) => ({ what: v.what as (typeof items)[number], value: v.value === 'AT' ? momentOfField(v.at) : (v.value ?? ''), reason: v.reason ?? '' })}
      >
        <p className="soft">{say('overrideHelp')}</p>
        <Override of={t} />
        <TextField name="reason" label={say('overrideReason')} required lines />
      </Form>
    ),
  };
  return (
    <Panel title={say('act')}>
      <Chips label={say('act')} value={act ?? ''} onChoose={(a) => go(a as Act)} choices={may.map((m) => ({ value: m, label: say(m) }))} />
      {act && !papers.includes(act) && forms[act]()}
      {act && papers.includes(act) && (
        <Dialog open wide onClose={shut} title={say(`${act as 'fault'}Title`)}>
          {forms[act]()}
        </Dialog>
      )}
    </Panel>
  );
}

/** What is overridden, and by what: each item has values of its own. */
function Override({ of: t }: { of: Body['ticket'] }) {
  const { values: typed, set } = useForm();
  const { what = '', value = '' } = typed;
  const allowed = values[what] ?? none;
  useEffect(() => {
    if (value && !allowed.includes(value)) set('value', '');
  }, [value, allowed, set]);
  const stands: Record<string, string> = {
    BEARER: nameOf('policy.Bearer', t.bearer),
    TRAVEL: nameOf('names.CoverageValue', t.travelCharged ? 'CHARGED' : 'FREE'),
    CATEGORY: nameOf('policy.Category', t.category),
    DEADLINE: t.respondBy ? moment(t.respondBy) : nameOf('names.CoverageValue', 'NONE'),
  };
  return (
    <>
      <div className="field-row">
        <SelectField name="what" label={say('overrideWhat')} {...(what && { hint: say('overrideNow', { now: stands[what] ?? '' }) })} required options={choices('ticket.CoverageItem', items)} />
        <SelectField name="value" label={say('overrideValue')} required options={allowed.map((v) => ({ value: v, label: v === 'AT' ? say('anotherMoment') : nameOf('names.CoverageValue', v) }))} />
      </div>
      {value === 'AT' && <MomentField name="at" label={say('respondBy')} required />}
    </>
  );
}

/** A line of F1, as the record has it: the device, what was wrong, and what replaced it. */
function Fault({ ticket, device, room, close }: { ticket: string; device: string; room: string; close: () => void }) {
  return (
    <Form
      command="/v1/tickets/{ticket}/fault-lines"
      params={{ ticket }}
      start={{ device, location: room, recordedOn: today() }}
      body={(v) => ({
        device: v.device ?? '',
        symptom: v.symptom ?? '',
        cause: v.cause as (typeof causes)[number],
        recordedOn: dayOfField(v.recordedOn),
        ...(v.line && { line: v.line }),
        ...(v.serial && { serial: v.serial }),
        ...(v.location && { location: v.location }),
        ...(v.solvedOnSite && { solvedOnSite: true }),
        ...((v['replacement.part'] || v['replacement.oldSerial'] || v['replacement.newSerial']) && {
          replacement: {
            part: v['replacement.part'] ?? '',
            quantity: quantityOf(v['replacement.quantity'] || '1'),
            ...(v['replacement.oldSerial'] && { oldSerial: v['replacement.oldSerial'] }),
            ...(v['replacement.newSerial'] && { newSerial: v['replacement.newSerial'] }),
          },
        }),
      })}
      draft={`ticket.fault.${ticket}`}
      submit={say('do_fault')}
      onDone={close}
      onCancel={close}
    >
      <div className="field-row">
        <TextField name="line" label={say('lineNumber')} hint={say('numberHint')} />
        <DayField name="recordedOn" label={say('recordedOn')} required />
      </div>
      <div className="field-row">
        <TextField name="device" label={say('device')} required autoFocus />
        <TextField name="serial" label={say('serial')} />
        <TextField name="location" label={say('location')} />
      </div>
      <div className="field-row">
        <TextField name="symptom" label={say('symptom')} required />
        <SelectField name="cause" label={say('cause')} required options={choices('policy.Cause', causes)} />
      </div>
      <TickField name="solvedOnSite" label={say('solvedOnSite')} hint={say('solvedHint')} />
      <div className="field-row">
        <TextField name="replacement.part" label={say('part')} />
        <TextField name="replacement.quantity" label={say('quantity')} hint={say('oneHint')} />
        <TextField name="replacement.oldSerial" label={say('oldSerial')} />
        <TextField name="replacement.newSerial" label={say('newSerial')} />
      </div>
    </Form>
  );
}
