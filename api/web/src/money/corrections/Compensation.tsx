import { useState } from 'react';
import { useLocation } from 'wouter';
import { useAddress } from '@/kit/address';
import { today } from '@/kit/dates';
import { amountOf, DayField, dayOfField, Form, MoneyField, TextField } from '@/kit/Form';
import { money, rateOf } from '@/kit/fen';
import { useRows, type RowOf } from '@/kit/view';
import { clauses } from '@/kit/words';
import type { OffListWork } from './AskOffList';
import { say } from './say';

// Damage outside warranty, 5.3.2: the HQ affairs supervisor quotes what is to be paid for it, and
// the city lead's F2 states exactly that amount.

/** What is to be paid for damage; its number stays on the screen, for the city lead's F2 to name it. */
export function QuoteCompensation({ of, close }: { of: OffListWork; close: () => void }) {
  const [quoted, tell] = useState('');
  return (
    <>
      <p className="soft">{say('quoteHelp')}</p>
      {quoted && <p className="proved" role="status">{say('quotedAs', { quote: quoted })}</p>}
      <Form
        command="/v1/centers/{center}/compensation-quotes"
        params={(v) => ({ center: (v.center ?? '').trim() })}
        start={{ ...of }}
        body={(v) => ({
          project: v.project ?? '',
          damage: v.damage ?? '',
          amount: amountOf(v.amount),
          taxRate: rateOf(v.taxRate),
          ...(v.quote && { quote: v.quote }),
          ...(v.room && { room: v.room }),
          ...(v.owner && { owner: v.owner }),
          ...(v.ticket && { ticket: v.ticket }),
        })}
        draft={`quote.${of.center}.${of.ticket}`}
        submit={say('doQuote')}
        onDone={(out) => tell(out.id)}
        onCancel={close}
      >
        <div className="field-row">
          <TextField name="quote" label={say('quote')} hint={say('chargeHint')} autoFocus />
          <TextField name="center" label={say('center')} required />
          <TextField name="project" label={say('project')} required />
        </div>
        <div className="field-row">
          <TextField name="ticket" label={say('ticket')} />
          <TextField name="room" label={say('room')} />
          <TextField name="owner" label={say('owner')} />
        </div>
        <TextField name="damage" label={say('damage')} required lines />
        <div className="field-row">
          <MoneyField name="amount" label={say('compensation')} hint={say('unitPriceHint')} required />
          <TextField name="taxRate" label={say('taxRate')} hint={say('taxRateHint')} required />
        </div>
      </Form>
    </>
  );
}

/** The city lead's F2 of a quoted compensation, chosen already or among those that no F2 states yet; what is filed is opened. */
export function FileCompensation({ center, ticket, quoted, close }: { center: string; ticket: string; quoted?: RowOf<'/v1/compensation-quotes'>; close: () => void }) {
  const { to } = useAddress();
  const open = useRows('/v1/compensation-quotes', { query: { status: 'OPEN', center, ...(ticket && { ticket }) }, uncut: true });
  const [, go] = useLocation();
  return (
    <>
      <p className="soft">{say('sheetHelp')}</p>
      <Form
        command="/v1/centers/{center}/compensation-sheets"
        params={(v) => ({ center: (v.center ?? '').trim() })}
        start={{ center, occurredOn: today(), ...(quoted && { quote: quoted.quote, amount: quoted.amount }) }}
        body={(v) => ({ quote: v.quote ?? '', amount: amountOf(v.amount), occurredOn: dayOfField(v.occurredOn), ...(v.return && { return: v.return }), ...(v.charge && { charge: v.charge }) })}
        draft={`compensate.${center}.${ticket}.${quoted?.quote ?? ''}`}
        submit={say('doSheet')}
        onDone={(out) => {
          close();
          go(to(`/repairs/${encodeURIComponent(out.id)}`));
        }}
        onCancel={close}
      >
        <div className="field-row">
          <TextField name="return" label={say('sheet')} hint={say('chargeHint')} autoFocus />
          <TextField name="center" label={say('center')} required />
          <DayField name="occurredOn" label={say('damagedOn')} required />
        </div>
        <div className="field-row">
          <TextField name="quote" label={say('quote')} required offers={open.rows.map((r) => ({ value: r.quote, label: clauses(money(r.amount), r.damage) }))} />
          <MoneyField name="amount" label={say('compensation')} hint={say('exactly')} required />
          <TextField name="charge" label={say('chargeNumber')} hint={say('chargeHint')} />
        </div>
      </Form>
    </>
  );
}
