import { nameOf } from '@/api/names';
import { DayField, dayOfField, Form, SelectField, TextField } from '@/kit/Form';
import { quantityOf, rateOf } from '@/kit/fen';
import { say } from './say';

/** What a center may be charged for outside the price list; a compensation is quoted. */
const kinds = ['ADD', 'MOVE', 'ACTIVATION', 'PART', 'REPAIR', 'TRAVEL', 'LABOUR'] as const;

/** What is known already of where the work is, and for whom. */
export interface OffListWork {
  center: string;
  project: string;
  room: string;
  owner: string;
  ticket: string;
}

/** The request for work outside the price list, as the charge list has its line: what, how much, at which price, and why (5.3.1). */
export function AskOffList({ of, close }: { of: OffListWork; close?: () => void }) {
  return (
    <Form
      command="/v1/centers/{center}/off-list-charges"
      params={(v) => ({ center: (v.center ?? '').trim() })}
      start={{ ...of, quantity: '1' }}
      body={(v) => ({
        project: v.project ?? '',
        kind: v.kind ?? '',
        service: v.service ?? '',
        quantity: quantityOf(v.quantity),
        unit: v.unit ?? '',
        unitPrice: quantityOf(v.unitPrice),
        taxRate: rateOf(v.taxRate),
        reason: v.reason ?? '',
        ...(v.room && { room: v.room }),
        ...(v.owner && { owner: v.owner }),
        ...(v.ticket && { ticket: v.ticket }),
        ...(v.faultLine && { faultLine: v.faultLine }),
        ...(v.charge && { charge: v.charge }),
        ...(v.occurredOn && { occurredOn: dayOfField(v.occurredOn) }),
      })}
      draft={`off-list.ask.${of.ticket || 'new'}`}
      submit={say('doAskOffList')}
      {...(close && { onDone: close, onCancel: close })}
    >
      <p className="soft">{say('askOffListHelp')}</p>
      <div className="field-row">
        <TextField name="center" label={say('center')} required />
        <TextField name="project" label={say('project')} required />
        <TextField name="charge" label={say('number')} hint={say('chargeHint')} />
      </div>
      <div className="field-row">
        <TextField name="room" label={say('room')} />
        <TextField name="owner" label={say('owner')} />
      </div>
      <div className="field-row">
        <TextField name="ticket" label={say('ticket')} />
        <TextField name="faultLine" label={say('faultLine')} />
      </div>
      <div className="field-row">
        <SelectField name="kind" label={say('kind')} required options={kinds.map((k) => ({ value: k, label: nameOf('pricelist.ServiceKind', k) }))} />
        <TextField name="service" label={say('service')} required />
      </div>
      <div className="field-row">
        <TextField name="quantity" label={say('quantity')} required />
        <TextField name="unit" label={say('unit')} hint={say('unitHint')} required />
        <TextField name="unitPrice" label={say('unitPrice')} hint={say('unitPriceHint')} required />
        <TextField name="taxRate" label={say('taxRate')} hint={say('taxRateHint')} required />
      </div>
      <DayField name="occurredOn" label={say('occurredOn')} hint={say('occurredOnHint')} />
      <TextField name="reason" label={say('offListReason')} required lines />
    </Form>
  );
}
