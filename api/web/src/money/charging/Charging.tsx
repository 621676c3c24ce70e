import { useState } from 'react';
import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Badge, Button, Money } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { Form, type Offered, type Outcome } from '@/kit/Form';
import { count, money, quantity, sum } from '@/kit/fen';
import { Lines, linesOf, startLines, type LineColumn } from '@/kit/Lines';
import { Table } from '@/kit/Table';
import { useRows, useView, type Answer } from '@/kit/view';
import { say } from './say';

type PriceLists = Answer<'/v1/price-lists'>;
type Booked = NonNullable<Outcome<'/v1/centers/{center}/charge-batches'>['lines']>[number];

/** How many works are charged at once; more of them come as a file. */
const most = 50;

/** Work done at the price list, as the charge list F3 has it: all lines are booked, or none. */
export function Charging({ center, name, close }: { center: string; name: string; close: () => void }) {
  const lists = useView('/v1/price-lists', { uncut: true }).data;
  const projects = useRows('/v1/projects', { query: { center }, uncut: true }).rows;
  const [booked, book] = useState<Booked[]>();
  const columns = columnsOf(lists, projects.map((p) => ({ value: p.project, label: p.name })));
  return (
    <Dialog open wide onClose={close} title={say('chargeTitle', { center: name })}>
      {booked ? (
        <Result of={booked} center={center} close={close} />
      ) : (
        <>
          <p className="soft">{say('chargeHelp')}</p>
          <Form
            command="/v1/centers/{center}/charge-batches"
            params={{ center }}
            start={startLines('lines', [{ occurredOn: today(), project: projects.length === 1 ? (projects[0]?.project ?? '') : '', quantity: '1' }])}
            body={(v) => ({ lines: linesOf(v, 'lines', columns).map(lineOf) })}
            draft={`charge.${center}`}
            submit={say('doCharge')}
            onDone={(out) => book(out.lines ?? [])}
            onCancel={close}
          >
            <Lines name="lines" columns={columns} most={most} />
          </Form>
        </>
      )}
    </Dialog>
  );
}

/** A line as the server reads it: what is left empty is not said. */
const lineOf = ({ project = '', item = '', occurredOn = '', quantity = '', ...rest }: Record<string, string>) => ({ project, item, occurredOn, quantity, ...Object.fromEntries(Object.entries(rest).filter(([, v]) => v)) });

/** The version of the price list that is in force on a day. */
export const inForce = (lists: PriceLists | undefined, day: string) => lists?.rows?.findLast((v) => v.effectiveFrom <= day);

function columnsOf(lists: PriceLists | undefined, projects: readonly Offered[]): LineColumn[] {
  const names = new Map((lists?.rows ?? []).flatMap((v) => (v.items ?? []).map((it) => [it.name, `${it.code} ${quantity(it.price)}/${it.unit}`])));
  return [
    { name: 'occurredOn', label: say('day'), kind: 'day', required: true, carried: true },
    { name: 'project', label: say('project'), required: true, carried: true, offers: projects },
    { name: 'room', label: say('room') },
    { name: 'owner', label: say('owner') },
    { name: 'item', label: say('item'), required: true, offers: [...names].map(([value, label]) => ({ value, label })), hint: (l) => priced(lists, l) },
    { name: 'quantity', label: say('quantity'), kind: 'quantity', required: true },
    { name: 'amount', label: say('amount'), kind: 'money', hint: () => say('amountHint') },
    { name: 'ticket', label: say('ticket') },
    { name: 'remark', label: say('remark') },
  ];
}

/** What the list in force on a line's day asks for its item. */
function priced(lists: PriceLists | undefined, { occurredOn = '', item = '' }: Record<string, string>): string {
  if (!lists || !occurredOn || !item) return '';
  const list = inForce(lists, occurredOn);
  if (!list) return say('noPriceList');
  const found = list.items?.find((it) => it.name === item || it.code === item);
  return found ? say('price', { price: quantity(found.price), unit: found.unit, tax: found.taxExcluded ? say('withoutTax') : say('withTax') }) : '';
}

function Result({ of: rows, center, close }: { of: Booked[]; center: string; close: () => void }) {
  const { to } = useAddress();
  const total = sum(rows.map((r) => r.gross ?? '0'));
  return (
    <div className="stack">
      <p className="proved" role="status">{say('booked', { n: count(rows.length), sum: money(total) })}</p>
      <Table
        label={say('chargeTitle', { center })}
        rows={rows}
        id={(r) => r.charge}
        columns={[
          { key: 'charge', head: say('number'), cell: (r) => <Link href={to(`/charges/${center}/${encodeURIComponent(r.charge)}`)}>{r.charge}</Link> },
          { key: 'posted', head: say('posted'), kind: 'day', value: (r) => r.posted ?? '' },
          { key: 'due', head: say('due'), kind: 'day', value: (r) => r.dueOn ?? '' },
          { key: 'doubtful', head: '', cell: (r) => r.possibleDuplicateOf && <Badge tone="watch">{say('doubtful', { charge: r.possibleDuplicateOf })}</Badge> },
          { key: 'gross', head: say('gross'), kind: 'money', value: (r) => r.gross ?? '' },
        ]}
        totals={{ label: '', cells: { gross: <Money of={total} /> } }}
      />
      <div className="form-end"><Button kind="main" onClick={close}>{say('close')}</Button></div>
    </div>
  );
}
