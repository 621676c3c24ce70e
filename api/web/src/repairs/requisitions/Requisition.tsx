import { useState } from 'react';
import { useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Chips, Money } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { amountOf, DayField, dayOfField, Form, listOf, MoneyField, SelectField, TextField } from '@/kit/Form';
import { money, quantityOf } from '@/kit/fen';
import { Lines, linesOf, startLines, type LineColumn } from '@/kit/Lines';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { say as kit } from '@/kit/say';
import { Answered } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { Timeline } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { useSession } from '@/shell/session';
import { asked, AskedLines } from './asked';
import { Decide, gates, tones } from './Requisitions';
import { Party } from '../Party';
import { say } from './say';

type Body = Answer<'/v1/requisitions/{requisition}'>;
type Line = NonNullable<Body['lines']>[number];

/** One requisition: its material, what was bought of it, and everything that happened to it. */
export default function Requisition() {
  const { requisition = '' } = useParams<{ requisition: string }>();
  const { to } = useAddress();
  const q = useView('/v1/requisitions/{requisition}', { path: { requisition } });
  const r = q.data?.requisition;
  const papers: Paper[] = r ? [{ key: 'form', label: say('paper'), path: `/v1/requisitions/${requisition}/form` }] : [];
  return (
    <Page
      of={q}
      title={requisition}
      finding={
        r && (
          <>
            {r.region} {r.project} · {say('estimate')} {money(r.total)} · <Badge tone={tones[r.status]}>{nameOf('repairs.RequisitionStatus', r.status)}</Badge>
          </>
        )
      }
      help={say('oneHelp')}
      crumbs={[{ label: say('title'), to: to('/requisitions') }, { label: requisition }]}
      actions={r && <PaperButtons papers={papers} />}
    >
      <WithPaper papers={papers}><Answered of={q} rows={10}>{(data) => <Told of={data} />}</Answered></WithPaper>
    </Page>
  );
}

function Told({ of }: { of: Body }) {
  const r = of.requisition;
  return (
    <div className="beside">
      <div className="stack">
        <Panel title={say('material')} bare>
          <Table
            label={say('material')}
            columns={columns()}
            rows={of.lines ?? []}
            id={(l) => l.part}
            totals={{ label: say('total'), cells: { estimate: <Money of={r.total} />, ordered: <Money of={r.ordered} />, received: <Money of={r.received} /> } }}
          />
        </Panel>
        <Panel title={say('steps')} bare>
          <Timeline
            steps={(of.steps ?? []).map((s) => ({
              key: String(s.position),
              day: s.on,
              what: (
                <>
                  {nameOf('names.MaterialStep', s.step)} {s.document} <Party name={s.supplier} unrecorded={s.supplierUnrecorded} /> {[s.expectedOn && `→ ${s.expectedOn}`, s.step === 'REFUSED' ? kit('ownDecision') : s.note].filter(Boolean).join(' ')}
                </>
              ),
              who: `${personOf(s, 'by') || personOf(s, 'actor')}${s.gate ? ` · ${nameOf('requisition.Gate', s.gate)}` : ''}`,
              ...(s.amount !== null && { amount: s.amount }),
              tone: /REJECT|REFUS/.test(s.step) ? 'bad' : /APPROV|REVIEWED|RECEIVED/.test(s.step) ? 'good' : s.amount !== null ? 'money' : 'plain',
            }))}
          />
        </Panel>
        <RecordLife streams={[`requisition-${r.requisition}`]} first="fields" />
      </div>
      <div className="side">
        <Acts of={of} />
      </div>
    </div>
  );
}

const columns = (): Column<Line>[] => [
  { key: 'part', head: say('part'), kind: 'tight', value: (l) => l.part },
  { key: 'name', head: say('name'), value: (l) => l.name },
  { key: 'purpose', head: say('purpose'), wide: true, value: (l) => l.purpose },
  { key: 'wanted', head: say('wanted'), kind: 'quantity', value: (l) => l.wanted },
  { key: 'onOrder', head: say('onOrder'), kind: 'quantity', value: (l) => l.onOrder },
  { key: 'arrived', head: say('arrived'), kind: 'quantity', value: (l) => l.arrived },
  { key: 'estimate', head: say('estimate'), kind: 'money', value: (l) => l.estimate },
  { key: 'ordered', head: say('orderedSum'), kind: 'money', value: (l) => l.ordered },
  { key: 'received', head: say('received'), kind: 'money', wide: true, value: (l) => l.received },
];

const bought = (): LineColumn[] => [
  { name: 'part', label: say('part'), required: true },
  { name: 'quantity', label: say('quantity'), kind: 'quantity', required: true },
  { name: 'price', label: say('price'), kind: 'money', required: true },
];

/** Who takes deliveries (5.2.3). */
const receivers: readonly string[] = ['materials-planner', 'project-leader', 'regional-admin', 'purchasing-admin'];

/** What the state of the requisition and the role of the reader allow. */
function Acts({ of }: { of: Body }) {
  const r = of.requisition;
  const role = useSession()?.role ?? '';
  const gate = gates[role];
  const lines = of.lines ?? [];
  const approved = r.approved !== null;
  const may = [
    ...(gate && r.waitsFor?.includes(gate) ? (['decide'] as const) : []),
    ...(r.status === 'REJECTED' && role === 'project-leader' ? (['resubmit'] as const) : []),
    ...(approved && role === 'purchasing-admin' && r.status !== 'RECEIVED' ? (['order'] as const) : []),
    ...(r.status === 'ORDERED' && receivers.includes(role) ? (['receive'] as const) : []),
  ];
  const [wanted, go] = useState('');
  const act = may.find((m) => m === wanted) ?? may[0];
  const params = { requisition: r.requisition };
  if (!act) return null;
  return (
    <Panel title={say('act')}>
      {may.length > 1 && <Chips label={say('act')} value={act} onChoose={go} choices={may.map((m) => ({ value: m, label: say(m) }))} />}
      {act === 'decide' && <Decide key="decide" requisition={r.requisition} />}
      {act === 'resubmit' && (
        <Form
          key="resubmit"
          command="/v1/requisitions/{requisition}/resubmission"
          params={params}
          start={startLines('lines', lines.map((l) => ({ part: l.part, name: l.name, quantity: l.wanted, estimate: l.estimate, purpose: l.purpose })))}
          body={(v) => ({ lines: asked(v), note: v.note ?? '' })}
          draft={`requisition.${r.requisition}.again`}
          submit={say('resubmit')}
        >
          <AskedLines />
          <TextField name="note" label={say('changed')} required lines />
        </Form>
      )}
      {act === 'order' && (
        <Form
          key="order"
          command="/v1/requisitions/{requisition}/orders"
          params={params}
          start={{ orderedOn: today(), ...startLines('lines', lines.map((l) => ({ part: l.part, quantity: l.wanted }))) }}
          body={(v) => ({
            supplier: v.supplier ?? '',
            lines: linesOf(v, 'lines', bought()).map((l) => ({ part: l.part ?? '', quantity: l.quantity ?? '', price: l.price ?? '' })),
            orderedOn: dayOfField(v.orderedOn),
            ...(v.expectedOn && { expectedOn: dayOfField(v.expectedOn) }),
          })}
          draft={`requisition.${r.requisition}.order`}
          submit={say('order')}
        >
          <TextField name="supplier" label={say('supplier')} required />
          <Lines name="lines" columns={bought()} most={50} />
          <div className="field-row">
            <DayField name="orderedOn" label={say('orderedOn')} required />
            <DayField name="expectedOn" label={say('expectedOn')} />
          </div>
        </Form>
      )}
      {act === 'receive' && (
        <Form
          key="receive"
          command="/v1/requisitions/{requisition}/receipts"
          params={params}
          start={{ receivedOn: today(), ...(lines.length === 1 && { part: lines[0]?.part ?? '' }) }}
          body={(v) => ({
            receipt: v.receipt ?? '',
            part: v.part ?? '',
            quantity: quantityOf(v.quantity),
            value: amountOf(v.value),
            receivedOn: dayOfField(v.receivedOn),
            ...(v.serials && { serials: listOf(v.serials) }),
          })}
          draft={`requisition.${r.requisition}.receipt`}
          submit={say('receive')}
        >
          <TextField name="receipt" label={say('receipt')} required />
          <SelectField name="part" label={say('part')} required options={lines.map((l) => ({ value: l.part, label: `${l.part} ${l.name}` }))} />
          <div className="field-row">
            <TextField name="quantity" label={say('quantity')} required />
            <MoneyField name="value" label={say('value')} required />
          </div>
          <DayField name="receivedOn" label={say('receivedOn')} required />
          <TextField name="serials" label={say('serials')} hint={say('serialsHint')} lines />
        </Form>
      )}
    </Panel>
  );
}
