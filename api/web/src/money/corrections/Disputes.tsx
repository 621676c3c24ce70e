import { useState } from 'react';
import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Button, Money } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { DrillProof } from '@/kit/Drill';
import { ExportButton, PrintButton } from '@/kit/Export';
import { Form, TextField } from '@/kit/Form';
import { count, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { Make } from './Corrections';
import { say as sayMoney } from '../say';
import { say } from './say';

type Row = RowOf<'/v1/disputes'>;

/** Charges that a center disputes, and how each can be ended. */
export default function Disputes() {
  const { get, to } = useAddress();
  const [center, region, project, sorted] = [get('center'), get('region'), get('project'), get('sort')];
  const query = { ...(center && { center }), ...(region && { region }), ...(project && { project }), sort: (sorted || 'disputedOn') as 'disputedOn' };
  const q = useRows('/v1/disputes', { query });
  const role = useSession()?.role ?? '';
  const [crediting, credit] = useState<Row>();
  const [keeping, keep] = useState<Row>();
  const acts = { ...(['regional-admin', 'hq-affairs-supervisor', 'finance'].includes(role) && { credit }), ...(role === 'regional-admin' && { keep }) };
  return (
    <Page
      of={q.of}
      title={say('disputes')}
      finding={q.first && say('disputesFinding', { n: `${count(q.rows.length)}${q.more.has ? '+' : ''}`, gross: money(q.first.gross), open: money(q.first.open) })}
      help={say('disputesHelp')}
      {...((center || region) && { crumbs: [{ label: say('disputes'), to: to('/disputes') }, { label: center || region }] })}
      actions={
        <>
          <ExportButton view="/v1/disputes" query={query} title={say('disputes')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={q.of} rows={8}>
        {(f) =>
          q.rows.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('disputes')}
              columns={columns(to, acts)}
              rows={q.rows}
              id={(r) => `${r.center} ${r.charge}`}
              more={q.more}
              totals={{ label: say('total'), cells: { gross: <Money of={f.gross} />, open: <Money of={f.open} /> } }}
              proofs={[
                {
                  terms: [
                    { column: 'gross', of: f.gross },
                    { says: sayMoney('paid'), of: f.paid, minus: true },
                    { says: sayMoney('credited'), of: f.credited, minus: true },
                    { says: sayMoney('transferred'), of: f.transferred, minus: true },
                    { says: sayMoney('writtenOffShort'), of: f.writtenOff, minus: true },
                  ],
                  makes: { column: 'open', of: f.open },
                  each: f.ties,
                },
              ]}
              foot={<DrillProof sum={f.open} />}
              basis
            />
          )
        }
      </Answered>
      {crediting && <Make what="note" center={crediting.center} charge={crediting.charge} amount={crediting.gross} close={() => credit(undefined)} />}
      {keeping && (
        <Dialog open onClose={() => keep(undefined)} title={say('keepTitle', { charge: keeping.charge, sum: money(keeping.gross) })}>
          <p className="soft">{keeping.reason}</p>
          <Form
            command="/v1/centers/{center}/charges/{charge}/dispute-rejection"
            params={{ center: keeping.center, charge: keeping.charge }}
            body={(v) => ({ reason: v.reason ?? '' })}
            draft={`keep.${keeping.charge}`}
            submit={say('doKeep')}
            onDone={() => keep(undefined)}
            onCancel={() => keep(undefined)}
          >
            <TextField name="reason" label={say('keepReason')} required lines autoFocus />
          </Form>
        </Dialog>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'disputedOn', head: say('since') },
  { field: 'center', head: say('center') },
  { field: 'charge', head: say('charge') },
  { field: 'service', head: say('what') },
  { field: 'reason', head: say('says') },
  { field: 'gross', head: say('amount') },
  { field: 'open', head: say('open') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], acts: { credit?: (r: Row) => void; keep?: (r: Row) => void }): Column<Row>[] => [
  { key: 'since', head: say('since'), kind: 'day', sort: 'disputedOn', cell: (r) => <span>{r.disputedOn} <span className="late">{say('unsettled', { n: r.ageDays })}</span></span> },
  { key: 'center', head: say('center'), kind: 'name', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.name || r.center}</Link> },
  { key: 'charge', head: say('charge'), kind: 'tight', lead: true, cell: (r) => <Link href={to(`/charges/${r.center}/${r.charge}`)}>{r.charge}</Link> },
  { key: 'what', head: say('what'), wide: true, cell: (r) => [r.project, r.room, r.service].filter(Boolean).join(' ') },
  { key: 'statement', head: say('statement'), kind: 'tight', wide: true, cell: (r) => <Link href={to(`/centers/${r.center}/statements/${r.quarter}`)}>{r.statement}</Link> },
  { key: 'says', head: say('says'), cell: (r) => <span>{r.reason} <span className="soft">{personOf(r, 'by')}</span></span> },
  { key: 'gross', head: say('amount'), kind: 'money', lead: true, value: (r) => r.gross },
  { key: 'open', head: say('open'), kind: 'money', sort: 'open', value: (r) => r.open },
  ...(acts.credit || acts.keep ? [{
    key: 'acts',
    head: say('acts'),
    kind: 'tight',
    cell: (r) => (
      <span>
        {acts.credit && <Button kind="quiet" onClick={() => acts.credit?.(r)}>{say('credit')}</Button>}
        {acts.keep && <Button kind="quiet" onClick={() => acts.keep?.(r)}>{say('keep')}</Button>}
      </span>
    ),
  } satisfies Column<Row>] : []),
];
