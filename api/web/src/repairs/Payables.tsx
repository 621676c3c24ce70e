import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { FileField } from '@/kit/File';
import { DayField, dayOfField, Form, SelectField, TextField } from '@/kit/Form';
import { today } from '@/kit/dates';
import { count, money, sum, yuan } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperLink } from '@/kit/Paper';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { none, Table, type Chosen, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { Party } from './Party';
import { say } from './say';

type Repair = RowOf<'/v1/repairs'>;
type Payable = RowOf<'/v1/payables'>;

export default function Payables() {
  const { get, set, to, cut } = useAddress();
  const request = get('request');
  const which = request ? 'one' : get('show') || 'ready';
  const region = get('region');
  const repairs = useRows('/v1/repairs', { query: { toPay: true, ...(region && { region }) } });
  const query: Query<'/v1/payables'> = { ...(region && { region }), ...(request ? { request } : which === 'paid' ? { status: 'PAID' } : which === 'asked' ? { status: 'REQUESTED' } : {}) };
  const asked = useRows('/v1/payables', { query });
  const [chosen, choose] = useState<Chosen>(none);
  const [asking, ask] = useState(false);
  const [paying, pay] = useState<Payable[]>();
  const [returning, giveBack] = useState<Payable[]>();
  // A request is paid and sent back whole: all of its rows are here before that is offered.
  const { has, busy, ask: readOn } = asked.more;
  useEffect(() => {
    if (which === 'asked' && has && !busy) readOn();
  }, [which, has, busy, readOn]);
  const role = useSession()?.role;
  const ready = repairs.rows;
  const all = repairs.first?.total;
  const picked = ready.filter((r) => chosen.all || chosen.ids.has(r.return));
  const regions = new Set(picked.map((r) => r.region));
  const month = asOfDay(cut).slice(0, 7);
  return (
    <Page
      of={[repairs.of, asked.of]}
      title={say('payables')}
      finding={asked.first && repairs.first && say('payablesFinding', { requested: money(asked.first.requested), paid: money(asked.first.paid), ready: count(repairs.first.total.count), sum: money(repairs.first.total.payable) })}
      help={say('payablesHelp')}
      {...(region && { crumbs: [{ label: say('payables'), to: to('/payables') }, { label: region }] })}
      filters={
        <Chips
          at="show"
          label={say('filter')}
          value={which}
          onChoose={(v) => set({ show: v === 'ready' ? '' : v, request: '' })}
          choices={[
            { value: 'ready', label: say('ready'), count: all?.count },
            { value: 'asked', label: say('asked') },
            { value: 'paid', label: say('paidOnes') },
            ...(request ? [{ value: 'one', label: request }] : []),
          ]}
        />
      }
      actions={
        <>
          {which === 'ready' && role === 'regional-admin' && picked.length > 0 && (
            <>
              {regions.size > 1 && <span className="late">{say('oneRegion')}</span>}
              <Button kind="main" disabled={regions.size !== 1} onClick={() => ask(true)}>{say('requestMany', { n: count(picked.length) })}</Button>
            </>
          )}
          {which === 'ready' ? <ExportButton view="/v1/repairs" query={{ toPay: true, ...(region && { region }) }} title={say('ready')} columns={exportedReady()} /> : <ExportButton view="/v1/payables" query={query} title={say('payables')} columns={exported()} />}
          <PrintButton />
        </>
      }
    >
      {which === 'ready' ? (
        <Answered of={repairs.of} rows={10}>
          {() =>
            ready.length === 0 ? (
              <Empty>{say('noneReady')}</Empty>
            ) : (
              <Table
                label={say('ready')}
                columns={readyColumns(to)}
                rows={ready}
                id={(r) => r.return}
                more={repairs.more}
                choose={{ chosen, onChoose: choose, amount: (r) => r.payable ?? '0' }}
                totals={{ label: say('total'), cells: { payable: <Money of={all?.payable ?? '0'} /> } }}
                count={all?.count}
                basis
              />
            )
          }
        </Answered>
      ) : (
        <Answered of={asked.of} rows={10}>
          {(first) =>
            asked.rows.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('asked')}
                columns={askedColumns(to)}
                rows={asked.rows}
                id={(r) => `${r.request} ${r.return}`}
                more={asked.more}
                {...(!asked.more.has && {
                  groupOf: (r: Payable) => `${r.region} ${r.month} ${r.request}`,
                  group: (name: string, own: Payable[]) => ({
                    label: (
                      <>
                        <PaperLink path={`/v1/payment-requests/${encodeURIComponent(own[0]?.region ?? '')}/${own[0]?.month}/form`} query={{ format: 'pdf', number: own[0]?.request ?? '' }}>{say('requestPaper', { region: name.split(' ')[0] ?? '', month: own[0]?.month ?? '' })}</PaperLink>
                        {which === 'asked' && role === 'finance' && (
                          <>
                            {' '}
                            <Button kind="quiet" onClick={() => pay(own)}>{say('pay')}</Button>{' '}
                            <Button kind="quiet" onClick={() => giveBack(own)}>{say('giveBack')}</Button>
                          </>
                        )}
                      </>
                    ),
                    cells: { amount: <Money of={sum(own.map((r) => r.amount))} /> },
                  }),
                })}
                totals={{ label: say('total'), cells: { amount: <Money of={which === 'paid' ? first.paid : which === 'asked' ? first.requested : sum([first.paid, first.requested])} /> } }}
                basis
              />
            )
          }
        </Answered>
      )}
      {paying && <Pay rows={paying} close={() => pay(undefined)} />}
      {returning && <GiveBack rows={returning} close={() => giveBack(undefined)} />}
      {asking && <Request rows={picked} region={[...regions][0] ?? ''} month={month} close={(done) => { ask(false); if (done) choose(none); }} />}
    </Page>
  );
}

const exported = () => [
  { field: 'month', head: say('month') },
  { field: 'region', head: say('region') },
  { field: 'return', head: say('sheet') },
  { field: 'supplier', head: say('supplier') },
  { field: 'supplierUnrecorded', head: say('unrecorded') },
  { field: 'amount', head: say('amount') },
  { field: 'status', head: say('status') },
  { field: 'paidOn', head: say('paid') },
  { field: 'bankReference', head: say('bank') },
];

const exportedReady = () => [
  { field: 'return', head: say('sheet') },
  { field: 'region', head: say('region') },
  { field: 'part', head: say('device') },
  { field: 'serial', head: say('serial') },
  { field: 'maker', head: say('maker') },
  { field: 'makerUnrecorded', head: say('unrecorded') },
  { field: 'catalogueMaker', head: say('catalogueMaker') },
  { field: 'quoted', head: say('quoted') },
  { field: 'approved', head: say('approved') },
  { field: 'payable', head: say('payable') },
];

const readyColumns = (to: ReturnType<typeof useAddress>['to']): Column<Repair>[] => [
  { key: 'return', head: say('sheet'), kind: 'tight', cell: (r) => <Link href={to(`/repairs/${r.return}`)}>{r.return}</Link> },
  { key: 'region', head: say('region'), kind: 'tight', value: (r) => r.region },
  { key: 'device', head: say('device'), cell: (r) => `${r.part} ${r.serial ?? ''}` },
  { key: 'maker', head: say('maker'), cell: (r) => <Party name={r.maker} unrecorded={r.makerUnrecorded} listed={r.catalogueMaker} /> },
  { key: 'state', head: say('state'), kind: 'tight', cell: (r) => nameOf('repairs.RepairStatus', r.status) },
  { key: 'quoted', head: say('quoted'), kind: 'money', value: (r) => r.quoted ?? '' },
  { key: 'approved', head: say('approved'), kind: 'money', value: (r) => r.approved ?? '' },
  { key: 'payable', head: say('payable'), kind: 'money', value: (r) => r.payable ?? '' },
];

const askedColumns = (to: ReturnType<typeof useAddress>['to']): Column<Payable>[] => [
  { key: 'return', head: say('sheet'), kind: 'tight', cell: (r) => <Link href={to(`/repairs/${r.return}`)}>{r.return}</Link> },
  { key: 'project', head: say('where'), kind: 'tight', value: (r) => r.project },
  { key: 'supplier', head: say('supplier'), cell: (r) => <Party name={r.supplier} unrecorded={r.supplierUnrecorded} /> },
  { key: 'by', head: say('by'), wide: true, value: (r) => `${personOf(r, 'by')} ${r.requestedOn}` },
  { key: 'status', head: say('status'), kind: 'tight', cell: (r) => <Badge tone={r.status === 'PAID' ? 'good' : 'watch'}>{nameOf('names.PayableStatus', r.status)}</Badge> },
  { key: 'paidOn', head: say('paid'), kind: 'tight', value: (r) => r.paidOn },
  { key: 'bank', head: say('bank'), wide: true, value: (r) => r.bankReference },
  { key: 'amount', head: say('amount'), kind: 'money', value: (r) => r.amount },
];

/** Whose request it is: a region's of a month. */
const requestOf = (rows: Payable[]) => ({ region: rows[0]?.region ?? '', month: rows[0]?.month ?? '' });

/** One payment to a supplier: all that the request asks for them. */
function Pay({ rows, close }: { rows: Payable[]; close: () => void }) {
  const suppliers = [...new Set(rows.map((r) => r.supplier))];
  const owed = (supplier: string | undefined) => sum(rows.filter((r) => r.supplier === supplier).map((r) => r.amount));
  return (
    <Dialog open onClose={close} title={say('payTitle', requestOf(rows))}>
      <p className="soft">{say('payHelp')}</p>
      <Form
        command="/v1/payment-requests/{region}/{month}/payments"
        params={requestOf(rows)}
        start={{ paidOn: today(), supplier: suppliers.length === 1 ? (suppliers[0] ?? '') : '' }}
        body={(v) => ({ supplier: v.supplier ?? '', amount: yuan(owed(v.supplier)), bankReference: v.bankReference ?? '', paidOn: dayOfField(v.paidOn) })}
        draft={`paid.${Object.values(requestOf(rows)).join('.')}`}
        submit={say('doPay')}
        onDone={close}
        onCancel={close}
      >
        <SelectField name="supplier" label={say('payTo')} required options={suppliers.map((s) => ({ value: s, label: `${s} ${money(owed(s))}` }))} />
        <div className="field-row">
          <TextField name="bankReference" label={say('bank')} required />
          <DayField name="paidOn" label={say('paidOn')} required />
        </div>
      </Form>
    </Dialog>
  );
}

function GiveBack({ rows, close }: { rows: Payable[]; close: () => void }) {
  return (
    <Dialog open onClose={close} title={say('giveBackTitle', requestOf(rows))}>
      <Form
        command="/v1/payment-requests/{region}/{month}/return"
        params={requestOf(rows)}
        body={(v) => ({ reason: v.reason ?? '' })}
        draft={`back.${Object.values(requestOf(rows)).join('.')}`}
        submit={say('doGiveBack')}
        kind="danger"
        onDone={close}
        onCancel={close}
      >
        <TextField name="reason" label={say('giveBackWhy')} required lines autoFocus />
      </Form>
    </Dialog>
  );
}

const papers = ['letter', 'sheet', 'approval'] as const;

/** One request of a region and month: three papers for each repair. */
function Request({ rows, region, month, close }: { rows: Repair[]; region: string; month: string; close: (done: boolean) => void }) {
  const total = money(sum(rows.map((r) => r.payable ?? '0')));
  const field = (i: number, paper: string) => `lines[${i}].${paper}`;
  return (
    <Dialog open wide onClose={() => close(false)} title={say('askRequest', { region, month, n: count(rows.length), sum: total })}>
      <p className="soft">{say('askRequestHelp')}</p>
      <Form
        command="/v1/payment-requests"
        params={undefined as never}
        body={(v) => ({
          region,
          month,
          lines: rows.map((r, i) => ({ return: r.return, amount: r.payable ?? '', letter: v[field(i, 'letter')] ?? '', sheet: v[field(i, 'sheet')] ?? '', approval: v[field(i, 'approval')] ?? '' })),
        })}
        // What was confirmed and approved is named as it was: nobody looks for the same file again.
        start={Object.fromEntries(rows.flatMap((r, i) => [[field(i, 'letter'), r.letter ?? ''], [field(i, 'approval'), r.approvalPage ?? '']]))}
        draft={`pay.${region}.${month}.${rows.map((r) => r.return).join('.')}`}
        submit={say('doRequest')}
        onDone={() => close(true)}
        onCancel={() => close(false)}
      >
        {rows.map((r, i) => (
          <fieldset key={r.return} className="field-row">
            <legend>
              {r.return} {r.maker} {money(r.payable ?? '0')}
            </legend>
            {papers.map((p) => (
              <FileField key={p} name={field(i, p)} label={p === 'letter' ? say('fileLetter') : p === 'sheet' ? say('fileSheet') : say('fileApproval')} known={p === 'letter' ? say('knownLetter') : p === 'approval' ? say('knownApproval') : undefined} required />
            ))}
          </fieldset>
        ))}
      </Form>
    </Dialog>
  );
}
