import { Dialog } from '@/kit/Dialog';
import { amountOf, Form, MoneyField, TextField } from '@/kit/Form';
import { quantity, quantityOf } from '@/kit/fen';
import type { RowOf } from '@/kit/view';
import { say } from './say';

type Row = RowOf<'/v1/parts/roll-forward'>;

/** Who brings the book to what was counted: never by who counted, which the server sees to. */
export const adjusters: readonly string[] = ['materials-planner', 'regional-admin'];

/** The book of one part brought to its count, or a part of the way. */
export function Adjust({ of: r, close }: { of: Row; close: () => void }) {
  const sheet = r.count?.count ?? '';
  return (
    <Dialog open onClose={close} title={say('adjustTitle', { project: r.project, part: r.part })}>
      <p className="soft">{say('adjustHelp', { sheet, book: quantity(r.count?.book ?? '0'), counted: quantity(r.count?.counted ?? '0') })}</p>
      <Form
        command="/v1/projects/{project}/depot/adjustments"
        params={{ project: r.project }}
        start={{ quantity: r.count?.unexplained.quantity ?? '' }}
        body={(v) => ({ adjustment: (v.adjustment ?? '').trim(), count: sheet, part: r.part, quantity: quantityOf(v.quantity), reason: v.reason ?? '', ...(v.unitCost && { unitCost: amountOf(v.unitCost) }) })}
        draft={`adjust.${r.project}.${sheet}.${r.part}`}
        submit={say('doAdjust')}
        onDone={close}
        onCancel={close}
      >
        <div className="field-row">
          <TextField name="adjustment" label={say('adjustment')} hint={say('adjustmentHint')} required autoFocus />
          <TextField name="quantity" label={say('adjustQuantity')} hint={say('adjustQuantityHint')} required />
        </div>
        <TextField name="reason" label={say('adjustReason')} required lines />
        <MoneyField name="unitCost" label={say('unitCost')} hint={say('unitCostHint')} />
      </Form>
    </Dialog>
  );
}
