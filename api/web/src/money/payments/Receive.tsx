import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { amountOf, dayOfField, DayField, Form, MoneyField, SelectField, TextField, useForm } from '@/kit/Form';
import { OpenParts, partsOf } from './Parts';
import { say } from './say';

/** Money that came outside the bank's file: booked by hand, once for each reference of the bank. */
export function Receive({ center, name, close }: { center: string; /** What the center is called, as whom it mostly pays. */ name: string; close: () => void }) {
  return (
    <Dialog open wide onClose={close} title={say('receiveTitle', { center: name })}>
      <p className="soft">{say('receiveHelp')}</p>
      <Form
        command="/v1/centers/{center}/payments"
        params={{ center }}
        start={{ how: 'oldest', receivedOn: today(), payer: name }}
        body={(v) => ({
          bankReference: (v.bankReference ?? '').trim(),
          payer: (v.payer ?? '').trim(),
          amount: amountOf(v.amount),
          currency: 'CNY',
          receivedOn: dayOfField(v.receivedOn),
          ...(v.ownAccount && { ownAccount: v.ownAccount.trim() }),
          ...(v.how === 'named' && { designation: partsOf(v, 'designation') }),
        })}
        draft={`receive.${center}`}
        submit={say('doReceive')}
        onDone={close}
        onCancel={close}
      >
        <div className="field-row">
          <MoneyField name="amount" label={say('amount')} required />
          <DayField name="receivedOn" label={say('day')} required />
        </div>
        <div className="field-row">
          <TextField name="payer" label={say('payer')} required />
          <TextField name="bankReference" label={say('reference')} required />
        </div>
        <TextField name="ownAccount" label={say('ownAccount')} hint={say('ownAccountHint')} />
        <SelectField name="how" label={say('how')} required options={[{ value: 'oldest', label: say('oldest') }, { value: 'named', label: say('named') }]} />
        <Named center={center} />
      </Form>
    </Dialog>
  );
}

function Named({ center }: { center: string }) {
  const { values } = useForm();
  return values.how === 'named' ? <OpenParts center={center} prefix="designation" title={say('parts')} limit={amountOf(values.amount) || '0.00'} /> : null;
}
