import { useSaid } from '@/api/names';
import { amountOf, MoneyField, useForm } from '@/kit/Form';
import { fen, money, sum } from '@/kit/fen';
import { useRows } from '@/kit/view';
import { say } from './say';

/** Amounts by charge that a form holds under names of its own: "to.F3-C01-00012". */
export const partsOf = (values: Record<string, string>, prefix: string): { charge: string; amount: string }[] =>
  Object.keys(values)
    .filter((k) => k.startsWith(`${prefix}.`))
    .map((k) => ({ charge: k.slice(prefix.length + 1), amount: amountOf(values[k]) }))
    .filter((p) => p.amount !== '' && fen(p.amount) > 0n);

/** One amount for each charge, and what they sum to against what there is. */
export function Parts({ prefix, title, charges, limit }: { prefix: string; title: string; charges: { charge: string; label: string; hint?: string }[]; limit?: string | undefined }) {
  const { values } = useForm();
  const total = sum(partsOf(values, prefix).map((p) => p.amount));
  const over = limit !== undefined && total > fen(limit) ? total - fen(limit) : 0n;
  return (
    <fieldset className="parts">
      <legend className="strong">{title}</legend>
      <div className="parts-rows">
        {charges.map((c) => (
          <MoneyField key={c.charge} name={`${prefix}.${c.charge}`} label={c.label} {...(c.hint && { hint: c.hint })} />
        ))}
      </div>
      <p className={over ? 'wrong' : 'soft'} role="status">
        {say('sumOf', { sum: money(total) })}
        {over > 0n && say('tooMuch', { by: money(over) })}
      </p>
    </fieldset>
  );
}

/** The open charges of a center, each with an amount. */
export function OpenParts({ center, prefix, title, limit }: { center: string; prefix: string; title: string; limit?: string }) {
  const q = useRows('/v1/charges', { query: { center, openOnly: true, sort: 'dueOn' }, uncut: true });
  const charges = useSaid(() => q.rows.map((r) => ({ charge: r.charge, label: say('openOf', { charge: r.charge, open: money(r.open ?? '0') }), hint: [r.occurredOn, r.room, r.service].filter(Boolean).join(' ') })), [q.rows]);
  if (q.first && !charges.length) return <p className="soft">{say('noneOpen')}</p>;
  return <Parts prefix={prefix} title={title} charges={charges} limit={limit} />;
}
