import { useState, type ReactNode } from 'react';
import { nameOf } from '@/api/names';
import { Button, Chips, type Kind as ButtonKind } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { amountOf, DayField, dayOfField, Form, listOf, MoneyField, SelectField, TextField, useForm } from '@/kit/Form';
import { quantityOf } from '@/kit/fen';
import { Lines, linesOf, startLines, type LineColumn } from '@/kit/Lines';
import { Seen, Waiting } from '@/kit/States';
import { useRows } from '@/kit/view';
import { onlyProject, useSession } from '@/shell/session';
import { say } from './say';

// The papers of a depot, each laid out as the slip that people write: head, units, hands.

/** In the order in which units go through a depot. */
export const papers = ['issue', 'return', 'handIn', 'ship', 'receive', 'transfer', 'takeIn', 'refuse', 'scrap', 'count'] as const;
export type Paper = (typeof papers)[number];

const movers = ['technician', 'project-leader', 'materials-planner', 'regional-admin'];

/** Whose paper each is, api/kit/ROLES.md. */
const roles: Record<Paper, readonly string[]> = {
  issue: movers,
  return: movers,
  handIn: movers,
  ship: ['technician', 'regional-admin'],
  receive: movers,
  transfer: movers,
  takeIn: movers,
  refuse: movers,
  scrap: ['materials-planner', 'regional-admin'],
  count: movers,
};

export const papersOf = (role: string): Paper[] => papers.filter((p) => roles[p].includes(role));

/** What a paper is filled in with at first, by the names of its fields. */
export type Begun = Record<string, string | undefined>;

/** A button for one paper where it is looked for, filled in as far as it is known there. */
export function PaperButton({ paper, begun, kind = 'quiet' }: { paper: Paper; begun: Begun; kind?: ButtonKind }) {
  const role = useSession()?.role ?? '';
  const [open, set] = useState(false);
  if (!roles[paper].includes(role)) return null;
  return (
    <>
      <Button kind={kind} onClick={() => set(true)}>{say(`${paper}Ask`)}</Button>
      {open && (
        <Dialog open wide onClose={() => set(false)} title={say(`${paper}Title`)}>
          <Write paper={paper} begun={begun} close={() => set(false)} />
        </Dialog>
      )}
    </>
  );
}

/** Any paper of a depot, chosen by what has happened. */
export function NewPaper({ project }: { project: string }) {
  const session = useSession();
  const may = papersOf(session?.role ?? '');
  const [open, set] = useState(false);
  const [paper, choose] = useState<Paper>('issue');
  if (!may.length) return null;
  return (
    <>
      <Button kind="main" onClick={() => set(true)}>{say('write')}</Button>
      {open && (
        <Dialog open wide onClose={() => set(false)} title={say(`${paper}Title`)}>
          <Chips label={say('which')} value={paper} onChoose={(p) => choose(p as Paper)} choices={may.map((p) => ({ value: p, label: say(p) }))} />
          <Write key={paper} paper={paper} begun={{ project: project || onlyProject(session) }} close={() => set(false)} />
        </Dialog>
      )}
    </>
  );
}

/** One paper to fill in; what stands behind the dialog is another record than it writes. */
function Write({ paper, begun, close }: { paper: Paper; begun: Begun; close: () => void }) {
  const given = Object.fromEntries(Object.entries(begun).filter((e): e is [string, string] => !!e[1]));
  return (
    <Seen.Provider value={undefined}>
      <p className="soft">{say(`${paper}Help`)}</p>
      {forms[paper]({
        given,
        common: {
          params: (v) => ({ project: (v.project ?? '').trim() }),
          draft: `depot.${paper}.${given.faultLine ?? given.transfer ?? given.issue ?? given.project ?? 'new'}`,
          submit: say(`${paper}Do`),
          onDone: close,
          onCancel: close,
        },
      })}
    </Seen.Provider>
  );
}

type Values = Record<string, string>;
interface Of {
  given: Values;
  common: { params: (v: Values) => { project: string }; draft: string; submit: string; onDone: () => void; onCancel: () => void };
}

/** Text that may be left empty, and then is not sent. */
const maybe = (v: Values, ...names: string[]) => Object.fromEntries(names.filter((n) => v[n]?.trim()).map((n) => [n, (v[n] ?? '').trim()]));
/** Serials that were filled in. */
const serials = (v: Values, name = 'serials') => (v[name]?.trim() ? { [name]: listOf(v[name]) } : {});

/** Number and day, as every slip has them at its head, and whose depot it is of. */
const Head = ({ number, day, dayLabel }: { number: string; day: string; dayLabel: string }) => (
  <div className="field-row">
    <TextField name={number} label={say('number')} required autoFocus />
    <TextField name="project" label={say('project')} required />
    <DayField name={day} label={dayLabel} required />
  </div>
);

/** What went: part, how much, and which units. */
const Units = ({ asked, worth }: { asked?: ReactNode; worth?: ReactNode }) => (
  <>
    <div className="field-row">
      <TextField name="part" label={say('part')} required />
      {asked}
      <TextField name="quantity" label={say(asked ? 'issued' : 'quantity')} required />
      {worth}
    </div>
    <TextField name="serials" label={say('serials')} hint={say('serialsHint')} lines />
  </>
);

const sources = ['PURCHASE', 'MAKER', 'OPENING'] as const;
const conditions = ['GOOD', 'FAULTY', 'AT_MAKER'] as const;

const unitColumns = (): LineColumn[] => [
  { name: 'part', label: say('part'), required: true },
  { name: 'serial', label: say('serial') },
  { name: 'quantity', label: say('quantity'), kind: 'quantity' },
  { name: 'faultLine', label: say('faultLine') },
  { name: 'return', label: say('sheet') },
];

const countColumns = (): LineColumn[] => [
  { name: 'part', label: say('part'), required: true },
  { name: 'counted', label: say('counted'), kind: 'quantity', required: true },
  { name: 'serials', label: say('serials') },
  { name: 'reason', label: say('why') },
];

const forms: Record<Paper, (of: Of) => ReactNode> = {
  issue: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/issues"
      {...common}
      start={{ issuedOn: today(), ...given }}
      body={(v) => ({ slip: v.slip ?? '', part: v.part ?? '', quantity: quantityOf(v.quantity), taker: v.taker ?? '', issuedOn: dayOfField(v.issuedOn), ...(v.asked && { asked: quantityOf(v.asked) }), ...maybe(v, 'faultLine', 'override'), ...serials(v) })}
    >
      <Head number="slip" day="issuedOn" dayLabel={say('issuedOn')} />
      <div className="field-row">
        <TextField name="faultLine" label={say('forLine')} hint={say('forLineHint')} />
        <TextField name="taker" label={say('taker')} required />
      </div>
      <Units asked={<TextField name="asked" label={say('askedFor')} hint={say('askedHint')} />} />
      <TextField name="override" label={say('override')} hint={say('overrideHint')} />
    </Form>
  ),
  return: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/returns"
      {...common}
      start={{ returnedOn: today(), ...given }}
      body={(v) => ({ return: v.return ?? '', issue: v.issue ?? '', quantity: quantityOf(v.quantity), returnedBy: v.returnedBy ?? '', returnedOn: dayOfField(v.returnedOn), ...serials(v) })}
    >
      <Head number="return" day="returnedOn" dayLabel={say('returnedOn')} />
      <div className="field-row">
        <TextField name="issue" label={say('issueSlip')} required />
        <TextField name="quantity" label={say('quantity')} required />
        <TextField name="returnedBy" label={say('returnedBy')} required />
      </div>
      <TextField name="serials" label={say('serials')} hint={say('serialsHint')} lines />
    </Form>
  ),
  handIn: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/hand-ins"
      {...common}
      start={{ handedInOn: today(), quantity: '1', ...given }}
      body={(v) => ({ handIn: v.handIn ?? '', part: v.part ?? '', quantity: quantityOf(v.quantity), handedInBy: v.handedInBy ?? '', handedInOn: dayOfField(v.handedInOn), ...maybe(v, 'faultLine'), ...serials(v) })}
    >
      <Head number="handIn" day="handedInOn" dayLabel={say('handedInOn')} />
      <div className="field-row">
        <TextField name="faultLine" label={say('forLine')} hint={say('laterHint')} />
        <TextField name="handedInBy" label={say('handedInBy')} required />
      </div>
      <Units />
    </Form>
  ),
  ship: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/shipments"
      {...common}
      start={{ shippedOn: today(), ...startLines('units', [{}]), ...given }}
      body={(v) => ({
        shipment: v.shipment ?? '',
        maker: v.maker ?? '',
        shippedOn: dayOfField(v.shippedOn),
        units: linesOf(v, 'units', unitColumns()).map((l) => ({ part: l.part ?? '', ...maybe(l, 'serial', 'quantity', 'faultLine', 'return') })),
        ...maybe(v, 'waybill'),
        ...(v.expectedBackOn && { expectedBackOn: dayOfField(v.expectedBackOn) }),
      })}
    >
      <Head number="shipment" day="shippedOn" dayLabel={say('shippedOn')} />
      <div className="field-row">
        <TextField name="maker" label={say('maker')} required />
        <TextField name="waybill" label={say('waybill')} />
        <DayField name="expectedBackOn" label={say('expectedBackOn')} />
      </div>
      <Lines name="units" columns={unitColumns()} most={100} />
    </Form>
  ),
  receive: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/receipts"
      {...common}
      start={{ receivedOn: today(), ...given }}
      body={(v) => ({
        receipt: v.receipt ?? '',
        part: v.part ?? '',
        quantity: quantityOf(v.quantity),
        value: amountOf(v.value),
        source: v.source as (typeof sources)[number],
        receivedOn: dayOfField(v.receivedOn),
        ...serials(v),
        ...(v.source === 'MAKER' && { ...maybe(v, 'shipment'), ...serials(v, 'sentSerials') }),
      })}
    >
      <Head number="receipt" day="receivedOn" dayLabel={say('receivedOn')} />
      <SelectField name="source" label={say('source')} required options={sources.map((s) => ({ value: s, label: nameOf('depot.Source', s) }))} />
      <Units worth={<MoneyField name="value" label={say('value')} required />} />
      <Where is="source" value="MAKER">
        <TextField name="shipment" label={say('batch')} />
        <TextField name="sentSerials" label={say('sentSerials')} hint={say('sentSerialsHint')} lines />
      </Where>
    </Form>
  ),
  transfer: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/transfers"
      {...common}
      start={{ transferredOn: today(), ...given }}
      body={(v) => ({ transfer: v.transfer ?? '', part: v.part ?? '', quantity: quantityOf(v.quantity), to: (v.to ?? '').trim(), transferredOn: dayOfField(v.transferredOn), ...maybe(v, 'reason'), ...serials(v) })}
    >
      <div className="field-row">
        <TextField name="transfer" label={say('number')} required autoFocus />
        <TextField name="project" label={say('fromProject')} required />
        <TextField name="to" label={say('toProject')} required />
        <DayField name="transferredOn" label={say('transferredOn')} required />
      </div>
      <Units />
      <TextField name="reason" label={say('why')} />
    </Form>
  ),
  takeIn: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/transfer-receipts"
      {...common}
      start={{ receivedOn: today(), ...given }}
      body={(v) => ({ transfer: v.transfer ?? '', from: (v.from ?? '').trim(), receivedOn: dayOfField(v.receivedOn) })}
    >
      <Sent />
      <DayField name="receivedOn" label={say('takenInOn')} required />
    </Form>
  ),
  refuse: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/transfer-rejections"
      {...common}
      kind="danger"
      start={{ rejectedOn: today(), ...given }}
      body={(v) => ({ transfer: v.transfer ?? '', from: (v.from ?? '').trim(), back: v.back ?? '', reason: v.reason ?? '', rejectedOn: dayOfField(v.rejectedOn) })}
    >
      <Sent />
      <div className="field-row">
        <TextField name="back" label={say('back')} hint={say('backHint')} required />
        <DayField name="rejectedOn" label={say('rejectedOn')} required />
      </div>
      <TextField name="reason" label={say('refuseReason')} required lines />
    </Form>
  ),
  scrap: ({ given, common }) => (
    <Form
      command="/v1/projects/{project}/depot/scrappings"
      {...common}
      kind="danger"
      start={{ scrappedOn: today(), ...given }}
      body={(v) => ({
        scrap: v.scrap ?? '',
        part: v.part ?? '',
        condition: v.condition as (typeof conditions)[number],
        quantity: quantityOf(v.quantity),
        reason: v.reason ?? '',
        scrappedOn: dayOfField(v.scrappedOn),
        ...serials(v),
        ...(v.condition === 'AT_MAKER' && maybe(v, 'shipment')),
        ...(v.condition === 'FAULTY' && maybe(v, 'faultLine')),
      })}
    >
      <Head number="scrap" day="scrappedOn" dayLabel={say('scrappedOn')} />
      <SelectField name="condition" label={say('condition')} hint={say('conditionHint')} required options={conditions.map((c) => ({ value: c, label: nameOf('depot.Condition', c) }))} />
      <Units />
      <Where is="condition" value="AT_MAKER"><TextField name="shipment" label={say('batch')} hint={say('batchHint')} /></Where>
      <Where is="condition" value="FAULTY"><TextField name="faultLine" label={say('forLine')} /></Where>
      <TextField name="reason" label={say('why')} required lines />
    </Form>
  ),
  count: (of) => <Count {...of} />,
};

/** Shown where another field says so. */
function Where({ is, value, children }: { is: string; value: string; children: ReactNode }) {
  return useForm().values[is] === value ? children : null;
}

/** The transfer that another depot sent. */
const Sent = () => (
  <div className="field-row">
    <TextField name="transfer" label={say('transferSlip')} required />
    <TextField name="from" label={say('fromProject')} required />
    <TextField name="project" label={say('toProject')} required />
  </div>
);

/** As many parts of a depot are listed on a sheet at first. */
const listed = 60;

/** 盘点表: the parts that the depot holds by its book stand on it, what was counted does not. */
function Count({ given, common }: Of) {
  const project = given.project ?? '';
  const { rows, of } = useRows('/v1/parts/stock', { query: { project }, when: !!project, uncut: true });
  if (project && !of.data && !of.error) return <Waiting rows={6} />;
  const lines = rows.slice(0, listed).map((r) => ({ part: r.part, counted: '', serials: '', reason: '' }));
  return (
    <Form
      command="/v1/projects/{project}/depot/counts"
      {...common}
      start={{ countedOn: today(), ...startLines('lines', lines.length ? lines : [{}]), ...given }}
      body={(v) => ({
        count: v.count ?? '',
        countedBy: v.countedBy ?? '',
        countedOn: dayOfField(v.countedOn),
        lines: linesOf(v, 'lines', countColumns()).map((l) => ({ part: l.part ?? '', counted: l.counted ?? '', ...maybe(l, 'reason'), ...serials(l) })),
        ...maybe(v, 'witness'),
      })}
    >
      <Head number="count" day="countedOn" dayLabel={say('countedOn')} />
      <div className="field-row">
        <TextField name="countedBy" label={say('countedBy')} required />
        <TextField name="witness" label={say('witness')} />
      </div>
      <Lines name="lines" columns={countColumns()} most={500} />
    </Form>
  );
}
