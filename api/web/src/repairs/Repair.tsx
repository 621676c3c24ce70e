import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Chips } from '@/kit/Basics';
import { today } from '@/kit/dates';
import { FileField } from '@/kit/File';
import { amountOf, DayField, dayOfField, Form, MoneyField, SelectField, TextField } from '@/kit/Form';
import { money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { Facts, Panel } from '@/kit/Panel';
import { say as kit } from '@/kit/say';
import { Answered } from '@/kit/States';
import { Timeline } from '@/kit/Timeline';
import { useView, type Answer } from '@/kit/view';
import { headed, within } from '@/kit/words';
import { useSession } from '@/shell/session';
import { tones } from './Repairs';
import { bearers, filers } from './sheet/FileSheet';
import { Party } from './Party';
import { say } from './say';

type Body = Answer<'/v1/returns/{return}'>;
type Step = NonNullable<Body['steps']>[number];

export default function Repair() {
  const { sheet = '' } = useParams<{ sheet: string }>();
  const { to } = useAddress();
  const q = useView('/v1/returns/{return}', { path: { return: sheet } });
  const r = q.data?.return;
  const papers: Paper[] = !r
    ? []
    : [
        { key: 'F2', label: say('f2'), path: `/v1/returns/${sheet}/form` },
        ...(r.approved !== null ? [{ key: 'approval', label: say('approvalPage'), path: `/v1/returns/${sheet}/approval/form` }] : []),
        ...(r.quoted !== null ? [{ key: 'letter', label: say('letterPaper'), path: `/v1/returns/${sheet}/letter/form` }] : []),
      ];
  return (
    <Page
      of={q}
      title={sheet}
      finding={
        r && (
          <>
            {r.part} {r.serial} · <Party name={r.maker} unrecorded={r.makerUnrecorded} listed={r.catalogueMaker} /> · <Badge tone={tones[r.status]}>{nameOf('repairs.RepairStatus', r.status)}</Badge> {r.daysOverdue ? say('overBy', { n: r.daysOverdue }) : ''}
          </>
        )
      }
      help={say('oneHelp')}
      crumbs={[{ label: say('repairs'), to: to('/repairs') }, ...(r ? [{ label: r.region, to: to('/repairs', { region: r.region }) }] : []), { label: sheet }]}
      actions={
        r && (
          <>
            <PaperButtons papers={papers} />
          </>
        )
      }
    >
      <WithPaper papers={papers}><Answered of={q} rows={10}>{(data) => <Told of={data} />}</Answered></WithPaper>
    </Page>
  );
}

function Told({ of }: { of: Body }) {
  const r = of.return;
  const { to } = useAddress();
  return (
    <div className="stack">
      <div className="beside">
        <div className="stack">
        <Panel title={say('steps')} bare>
          <Timeline
            steps={(of.steps ?? []).map((s: Step) => ({
              key: String(s.position),
              day: s.on,
              what: (
                <>
                  {headed(nameOf('names.UnitStep', `F2_${s.step}`), s.result ? within(nameOf('repair.Result', s.result)) : '')} {[s.counterparty, s.waybill, s.newSerial, s.expectedBackOn && `→ ${s.expectedBackOn}`, s.step === 'REFUSED' ? kit('ownDecision') : s.note].filter(Boolean).join(' ')}
                </>
              ),
              who: `${personOf(s, 'by') || personOf(s, 'actor')}${s.gate ? ` · ${nameOf('repair.Gate', s.gate)}` : ''}${s.goesTo ? ` → ${nameOf('repair.Gate', s.goesTo)}` : ''}`,
              ...(s.amount !== null && { amount: s.amount }),
              tone: /REJECT|REFUS/.test(s.step) ? 'bad' : /PAID|APPROV|REVIEWED|FINISHED/.test(s.step) ? 'good' : s.amount !== null ? 'money' : 'plain',
            }))}
          />
        </Panel>
        </div>
        <div className="side">
          <Acts of={of} />
          <Panel title={say('facts')}>
            <Facts
              of={[
                { name: say('device'), is: r.part },
                { name: say('serial'), is: r.serial && <Link href={to(`/serials/${r.serial}`)}>{r.serial}</Link> },
                { name: say('where'), is: r.project },
                { name: say('ticket'), is: r.ticket && <Link href={to(`/tickets/${r.ticket}`)}>{r.ticket}</Link> },
                { name: say('line'), is: r.faultLine },
                { name: say('fault'), is: r.fault },
                { name: say('bearer'), is: nameOf('policy.Bearer', r.bearer) },
                { name: say('estimate'), is: r.estimate && money(r.estimate) },
                { name: say('quoted'), is: r.quoted === null ? '' : money(r.quoted) },
                { name: say('approved'), is: r.approved === null ? '' : money(r.approved) },
                { name: say('shipped'), is: r.shippedOn },
                { name: say('waybill'), is: r.waybill },
                { name: say('due'), is: r.dueOn },
                { name: say('promised'), is: r.expectedBackOn },
                { name: say('backOn'), is: r.backOn },
                { name: say('newSerial'), is: r.newSerial },
                { name: say('request'), is: r.paymentRequest && <Link href={to('/payables', { show: 'asked' })}>{r.paymentRequest}</Link> },
              ]}
            />
          </Panel>
        </div>
      </div>
      <RecordLife streams={[`return-${r.return}`]} first="fields" />
    </div>
  );
}

const results = ['REPAIRED', 'REPLACED', 'SCRAPPED', 'NOT_BACK'] as const;

/** Whose gate is whose, 5.2.1; the cost's say what we bear. */
const gates: Record<string, { role: string; ofCost?: boolean }> = {
  CITY_TECH_LEAD: { role: 'city-tech-lead' },
  TECH_GROUP: { role: 'tech-group-lead' },
  HQ_AFFAIRS: { role: 'hq-affairs-supervisor', ofCost: true },
  DEPARTMENT_MANAGER: { role: 'department-manager', ofCost: true },
};

/** The word of one gate. */
function Decide({ of: r }: { of: Body['return'] }) {
  const [way, go] = useState<'approve' | 'reject'>('approve');
  const ofCost = Boolean(gates[r.awaiting ?? '']?.ofCost);
  const borne = r.kind === 'COMPENSATION' || r.bearer === 'DEPARTMENT' ? (r.quoted ?? r.estimate ?? '') : '0.00';
  return (
    <>
      <Chips
        label={say('decide')}
        value={way}
        onChoose={(v) => go(v as 'approve')}
        choices={(['approve', 'reject'] as const).map((v) => ({ value: v, label: say(v) }))}
      />
      <Form
        command="/v1/returns/{return}/decision"
        params={{ return: r.return }}
        start={{ amount: borne }}
        body={(v) => ({ approve: way === 'approve', ...(ofCost && way === 'approve' && { amount: amountOf(v.amount) }), ...(v.note && { note: v.note }), ...(v.mailPage && { mailPage: v.mailPage }) })}
        draft={`decide.${r.return}`}
        submit={say(way)}
        kind={way === 'approve' ? 'main' : 'danger'}
      >
        {ofCost && way === 'approve' && <MoneyField name="amount" label={say('borne')} hint={say('borneHint')} required />}
        <TextField name="note" label={say(way === 'approve' ? 'remark' : 'why')} required={way === 'reject'} lines />
        {ofCost && way === 'approve' && <FileField name="mailPage" label={say('mailPage')} />}
      </Form>
    </>
  );
}

/** What the state of the sheet and the role of the reader allow. */
function Acts({ of }: { of: Body }) {
  const r = of.return;
  const role = useSession()?.role ?? '';
  const follows = role === 'regional-admin' || role === 'technician';
  const may = [
    ...(r.awaiting && gates[r.awaiting]?.role === role ? (['decide'] as const) : []),
    ...(r.status === 'REJECTED' && r.kind === 'REPAIR' && filers.includes(role) ? (['resubmit'] as const) : []),
    ...(r.status === 'TO_SHIP' && follows ? (['ship'] as const) : []),
    ...(r.status === 'AT_MAKER' && follows ? (['followUp', 'finish'] as const) : []),
    ...(r.status === 'AWAITING_RESULT' && follows ? (['finish'] as const) : []),
    ...(r.quoted !== null && !r.letterConfirmed && (role === 'purchasing-admin' || role === 'hq-affairs-supervisor') ? (['letter'] as const) : []),
    ...(r.kind === 'REPAIR' && (role === 'regional-admin' || role === 'purchasing-admin') && !r.paymentRequest && r.shippedOn && r.bearer !== 'MAKER' ? (['quote'] as const) : []),
  ];
  const [wanted, go] = useState('');
  const act = may.find((m) => m === wanted) ?? may[0];
  const params = { return: r.return };
  if (!act) return null;
  return (
    <Panel title={say('act')}>
      <Chips label={say('act')} value={act} onChoose={go} choices={may.map((m) => ({ value: m, label: say(m) }))} />
      {act === 'decide' && <Decide key="decide" of={r} />}
      {act === 'resubmit' && (
        <Form
          key="resubmit"
          command="/v1/returns/{return}/resubmission"
          params={params}
          start={{ fault: r.fault ?? '', bearer: r.bearer ?? '', estimate: r.estimate ?? '' }}
          body={(v) => ({ note: v.note ?? '', ...(v.fault && v.fault !== r.fault && { fault: v.fault }), ...(v.estimate && { estimate: amountOf(v.estimate), bearer: v.bearer as (typeof bearers)[number] }) })}
          draft={`resubmit.${r.return}`}
          submit={say('resubmit')}
        >
          {r.rejected && <p className="soft">{say('rejectedFor', { by: personOf(r.rejected, 'by'), reason: r.rejected.reason })}</p>}
          <TextField name="note" label={say('changed')} required lines />
          <TextField name="fault" label={say('fault')} />
          <div className="field-row">
            <SelectField name="bearer" label={say('bearer')} options={bearers.map((b) => ({ value: b, label: nameOf('policy.Bearer', b) }))} />
            <MoneyField name="estimate" label={say('estimate')} />
          </div>
        </Form>
      )}
      {act === 'ship' && (
        <Form
          key="ship"
          command="/v1/returns/{return}/shipment"
          params={params}
          start={{ shippedOn: today() }}
          body={(v) => ({ shippedOn: dayOfField(v.shippedOn), ...(v.waybill && { waybill: v.waybill }), ...(v.expectedBackOn && { expectedBackOn: dayOfField(v.expectedBackOn) }) })}
          draft={`ship.${r.return}`}
          submit={say('ship')}
        >
          <div className="field-row">
            <DayField name="shippedOn" label={say('shipped')} required />
            <DayField name="expectedBackOn" label={say('expectedBack')} hint={say('expectedBackHint')} />
          </div>
          <TextField name="waybill" label={say('waybill')} />
        </Form>
      )}
      {act === 'followUp' && (
        <Form
          key="followUp"
          command="/v1/returns/{return}/follow-ups"
          params={params}
          start={{ on: today(), contact: r.lastFollowUp?.contact ?? '' }}
          body={(v) => ({ contact: v.contact ?? '', note: v.note ?? '', on: dayOfField(v.on), ...(v.expectedBackOn && { expectedBackOn: dayOfField(v.expectedBackOn) }) })}
          draft={`follow.${r.return}`}
          submit={say('save')}
        >
          <TextField name="contact" label={say('contact')} required />
          <TextField name="note" label={say('note')} required lines />
          <div className="field-row">
            <DayField name="on" label={say('on')} required />
            <DayField name="expectedBackOn" label={say('expected')} hint={say('expectedHint')} />
          </div>
        </Form>
      )}
      {act === 'finish' && (
        <Form
          key="finish"
          command="/v1/returns/{return}/result"
          params={params}
          start={{ on: today() }}
          body={(v) => ({ result: (v.result ?? '') as (typeof results)[number], on: dayOfField(v.on), ...(v.newSerial && { newSerial: v.newSerial }), ...(v.remark && { remark: v.remark }) })}
          draft={`finish.${r.return}`}
          submit={say('save')}
        >
          <SelectField name="result" label={say('result')} required options={results.map((x) => ({ value: x, label: nameOf('repair.Result', x) }))} />
          <DayField name="on" label={say('on')} required />
          <TextField name="newSerial" label={say('newSerial')} />
          <TextField name="remark" label={say('remark')} />
        </Form>
      )}
      {act === 'quote' && (
        <Form
          key="quote"
          command="/v1/returns/{return}/quote"
          params={params}
          start={{ quotedOn: today() }}
          body={(v) => ({ amount: amountOf(v.amount), quotedOn: dayOfField(v.quotedOn), ...(v.supplier && { supplier: v.supplier }), ...(v.letter && { letter: v.letter }) })}
          draft={`quote.${r.return}`}
          submit={say('save')}
        >
          <div className="field-row">
            <MoneyField name="amount" label={say('amount')} required />
            <DayField name="quotedOn" label={say('on')} required />
          </div>
          <TextField name="supplier" label={say('supplier')} hint={say('supplierHint')} />
          <FileField name="letter" label={say('paper')} />
        </Form>
      )}
      {act === 'letter' && (
        <Form
          key="letter"
          command="/v1/returns/{return}/letter"
          params={params}
          start={{ amount: r.quoted ?? '' }}
          body={(v) => ({ amount: amountOf(v.amount), letter: v.letter ?? '' })}
          draft={`letter.${r.return}`}
          submit={say('save')}
        >
          <MoneyField name="amount" label={say('amount')} required />
          <FileField name="letter" label={say('paper')} required />
        </Form>
      )}
    </Panel>
  );
}
