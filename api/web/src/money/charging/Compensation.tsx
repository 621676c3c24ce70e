import { useState } from 'react';
import { Button } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { amountOf, DayField, dayOfField, Form, MoneyField, TextField } from '@/kit/Form';
import { rateOf } from '@/kit/fen';
import { useRows } from '@/kit/view';
import { say } from './say';

/** Damage outside warranty (5.3.2): the HQ affairs supervisor says what it costs. */
export function Quote({ center, close }: { center: string; close: () => void }) {
  const projects = useRows('/v1/projects', { query: { center }, uncut: true }).rows;
  const [quote, recorded] = useState('');
  return (
    <Dialog open onClose={close} title={say('quoteTitle', { center })}>
      {quote ? (
        <Recorded says={say('quoted', { quote })} close={close} />
      ) : (
        <>
          <p className="soft">{say('quoteHelp')}</p>
          <Form
            command="/v1/centers/{center}/compensation-quotes"
            params={{ center }}
            start={{ taxRate: '0.13' }}
            body={(v) => ({
              project: (v.project ?? '').trim(),
              damage: (v.damage ?? '').trim(),
              amount: amountOf(v.amount),
              taxRate: rateOf(v.taxRate),
              ...said(v, 'room', 'owner', 'ticket'),
            })}
            draft={`quote.${center}`}
            submit={say('doQuote')}
            onDone={(out) => recorded(out.id ?? '')}
            onCancel={close}
          >
            <TextField name="project" label={say('project')} required autoFocus offers={projects.map((p) => ({ value: p.project, label: p.name }))} />
            <div className="field-row">
              <TextField name="room" label={say('room')} />
              <TextField name="owner" label={say('owner')} />
              <TextField name="ticket" label={say('ticket')} />
            </div>
            <TextField name="damage" label={say('damage')} required lines />
            <div className="field-row">
              <MoneyField name="amount" label={say('gross')} required />
              <TextField name="taxRate" label={say('taxRate')} hint={say('taxHint')} required />
            </div>
          </Form>
        </>
      )}
    </Dialog>
  );
}

/** The city lead's F2 of what was quoted: exactly that (5.3.2). */
export function CompensationSheet({ center, close }: { center: string; close: () => void }) {
  const [sheet, filed] = useState('');
  return (
    <Dialog open onClose={close} title={say('sheetTitle', { center })}>
      {sheet ? (
        <Recorded says={say('filed', { sheet })} close={close} />
      ) : (
        <>
          <p className="soft">{say('sheetHelp')}</p>
          <Form
            command="/v1/centers/{center}/compensation-sheets"
            params={{ center }}
            start={{ occurredOn: today() }}
            body={(v) => ({ quote: (v.quote ?? '').trim(), occurredOn: dayOfField(v.occurredOn), amount: amountOf(v.amount) })}
            draft={`compensation.${center}`}
            submit={say('doFile')}
            onDone={(out) => filed(out.id ?? '')}
            onCancel={close}
          >
            <TextField name="quote" label={say('quoteNumber')} required autoFocus />
            <div className="field-row">
              <DayField name="occurredOn" label={say('damagedOn')} required />
              <MoneyField name="amount" label={say('gross')} required />
            </div>
          </Form>
        </>
      )}
    </Dialog>
  );
}

const said = (v: Record<string, string>, ...names: string[]) => Object.fromEntries(names.flatMap((name) => (v[name]?.trim() ? [[name, v[name].trim()]] : [])));

function Recorded({ says, close }: { says: string; close: () => void }) {
  return (
    <div className="stack">
      <p className="proved" role="status">{says}</p>
      <div className="form-end"><Button kind="main" onClick={close}>{say('close')}</Button></div>
    </div>
  );
}
