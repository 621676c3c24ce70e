import { useState } from 'react';
import { Button } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { amountOf, dayOfField, DayField, Form, MoneyField, SelectField, TextField, useForm } from '@/kit/Form';
import { fen, money, yuan, type Fen } from '@/kit/fen';
import { Panel } from '@/kit/Panel';
import type { Answer } from '@/kit/view';
import { useSession } from '@/shell/session';
import { OpenParts, Parts, partsOf } from './Parts';
import { say } from './say';
import './payments.css';

type Body = Answer<'/v1/centers/{center}/payments/{payment}'>;
type Act = 'allocate' | 'refund' | 'move' | 'bounce';

/** What a payment settles now, by charge: what was applied, less what was taken back. */
export function settles(uses: NonNullable<Body['uses']>): Map<string, Fen> {
  const by = new Map<string, Fen>();
  for (const u of uses) if (u.charge) by.set(u.charge, (by.get(u.charge) ?? 0n) + fen(u.amount));
  for (const [charge, f] of by) if (f <= 0n) by.delete(charge);
  return by;
}

/** What finance can do with a payment: apply, refund, move, or record that the bank took it back. */
export function Acts({ of }: { of: Body }) {
  const [act, ask] = useState<Act>();
  const role = useSession()?.role;
  const p = of.payment;
  const left = fen(p.unapplied) > 0n;
  const settled = settles(of.uses ?? []);
  const gone = fen(p.amount) === fen(p.returned);
  if (role !== 'finance') return <Panel title={say('acts')}><p className="soft">{say('onlyFinance')}</p></Panel>;
  return (
    <Panel title={say('acts')}>
      {gone ? <p className="soft">{say('nothingToDo')}</p> : (
        <div className="acts-list">
          {left && <Button kind="main" onClick={() => ask('allocate')}>{say('allocate', { sum: money(p.unapplied) })}</Button>}
          {left && <Button onClick={() => ask('refund')}>{say('refund')}</Button>}
          {settled.size > 0 && <Button onClick={() => ask('move')}>{say('reallocate')}</Button>}
          {fen(p.returned) === 0n && <Button kind="danger" onClick={() => ask('bounce')}>{say('bounce')}</Button>}
        </div>
      )}
      {act === 'allocate' && <Allocate of={p} close={() => ask(undefined)} />}
      {act === 'refund' && <Refund of={p} close={() => ask(undefined)} />}
      {act === 'move' && <Move of={p} settled={settled} close={() => ask(undefined)} />}
      {act === 'bounce' && <Bounce of={p} close={() => ask(undefined)} />}
    </Panel>
  );
}

type Payment = Body['payment'];
interface Asked {
  of: Payment;
  close: () => void;
}

export function Allocate({ of: p, close }: Asked) {
  return (
    <Dialog open wide onClose={close} title={say('allocateTitle', { payment: p.payment, sum: money(p.unapplied) })}>
      <Form
        command="/v1/centers/{center}/payments/{payment}/allocations"
        params={{ center: p.center, payment: p.payment }}
        start={{ how: 'oldest', on: today() }}
        body={(v) => ({ on: dayOfField(v.on), ...(v.how === 'named' && { lines: partsOf(v, 'lines') }) })}
        draft={`allocate.${p.payment}`}
        submit={say('doAllocate')}
        onDone={close}
        onCancel={close}
      >
        <div className="field-row">
          <SelectField name="how" label={say('how')} required options={[{ value: 'oldest', label: say('oldest') }, { value: 'named', label: say('named') }]} />
          <DayField name="on" label={say('on')} required />
        </div>
        <Named center={p.center} limit={p.unapplied} />
      </Form>
    </Dialog>
  );
}

function Named({ center, limit }: { center: string; limit: string }) {
  const { values } = useForm();
  return values.how === 'named' ? <OpenParts center={center} prefix="lines" title={say('parts')} limit={limit} /> : null;
}

function Refund({ of: p, close }: Asked) {
  return (
    <Dialog open onClose={close} title={say('refundTitle', { payment: p.payment, sum: money(p.unapplied) })}>
      <Form
        command="/v1/centers/{center}/payments/{payment}/refunds"
        params={{ center: p.center, payment: p.payment }}
        start={{ amount: p.unapplied, on: today() }}
        body={(v) => ({ amount: amountOf(v.amount), bankReference: (v.bankReference ?? '').trim(), on: dayOfField(v.on), reason: v.reason ?? '' })}
        draft={`refund.${p.payment}`}
        submit={say('doRefund')}
        onDone={close}
        onCancel={close}
      >
        <div className="field-row">
          <MoneyField name="amount" label={say('amount')} required />
          <DayField name="on" label={say('refundOn')} required />
        </div>
        <TextField name="bankReference" label={say('refundReference')} required />
        <TextField name="reason" label={say('reason')} required lines />
      </Form>
    </Dialog>
  );
}

function Move({ of: p, settled, close }: Asked & { settled: Map<string, Fen> }) {
  const charges = [...settled].map(([charge, f]) => ({ charge, label: say('paidOf', { charge, paid: money(f) }) }));
  return (
    <Dialog open wide onClose={close} title={say('moveTitle', { payment: p.payment })}>
      <p className="soft">{say('moveHelp')}</p>
      <Form
        command="/v1/centers/{center}/payments/{payment}/reallocations"
        params={{ center: p.center, payment: p.payment }}
        start={{ on: today(), ...(charges.length === 1 && charges[0] && { [`from.${charges[0].charge}`]: yuan(settled.get(charges[0].charge) ?? 0n) }) }}
        body={(v) => {
          const to = partsOf(v, 'to');
          return { from: partsOf(v, 'from'), ...(to.length > 0 && { to }), on: dayOfField(v.on) };
        }}
        draft={`move.${p.payment}`}
        submit={say('doMove')}
        onDone={close}
        onCancel={close}
      >
        <DayField name="on" label={say('on')} required />
        <Parts prefix="from" title={say('from')} charges={charges} />
        <To center={p.center} />
      </Form>
    </Dialog>
  );
}

function To({ center }: { center: string }) {
  const { values } = useForm();
  const taken = partsOf(values, 'from').reduce((t, x) => t + fen(x.amount), 0n);
  return <OpenParts center={center} prefix="to" title={say('to')} limit={yuan(taken)} />;
}

function Bounce({ of: p, close }: Asked) {
  return (
    <Dialog open onClose={close} title={say('bounceTitle', { payment: p.payment, sum: money(p.amount) })}>
      <p className="soft">{say('bounceHelp')}</p>
      <Form
        command="/v1/centers/{center}/payments/{payment}/bounce"
        params={{ center: p.center, payment: p.payment }}
        start={{ on: today() }}
        body={(v) => ({ on: dayOfField(v.on), reason: v.reason ?? '' })}
        draft={`bounce.${p.payment}`}
        submit={say('doBounce')}
        kind="danger"
        onDone={close}
        onCancel={close}
      >
        <DayField name="on" label={say('bounceOn')} required />
        <TextField name="reason" label={say('reason')} required lines />
      </Form>
    </Dialog>
  );
}
