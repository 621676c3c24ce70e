import { useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday } from '@/kit/Form';
import { count, money } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type Query, type RowOf } from '@/kit/view';
import { useSession } from '@/shell/session';
import { FileCompensation, QuoteCompensation } from './Compensation';
import { say } from './say';

type Row = RowOf<'/v1/compensation-quotes'>;
type Status = NonNullable<Query<'/v1/compensation-quotes'>['status']>;

const statuses: readonly Status[] = ['OPEN', 'FILED', 'CHARGED'];
const tones: Record<Status, Tone> = { OPEN: 'watch', FILED: 'watch', CHARGED: 'good' };

/** Compensation quoted for damage outside warranty, and what of it was charged (5.3.2). */
export default function Quotes() {
  const { get, set, to } = useAddress();
  const [status, center, region, ticket, sorted] = [get('status'), get('center'), get('region'), get('ticket'), get('sort')];
  const query: Query<'/v1/compensation-quotes'> = {
    ...(status && { status: status as Status }),
    ...(center && { center }),
    ...(region && { region }),
    ...(ticket && { ticket }),
    ...(sorted && { sort: sorted as 'amount' }),
  };
  const { rows, first, of, more } = useRows('/v1/compensation-quotes', { query });
  const role = useSession()?.role ?? '';
  const [quoting, quote] = useState(false);
  const [stating, state] = useState<Row>();
  return (
    <Page
      of={of}
      title={say('quotes')}
      finding={first && say('quotesFinding', { n: count(first.count), open: count(first.notCharged), sum: money(first.notChargedAmount) })}
      help={say('quotesHelp')}
      filters={
        <Chips
          at="status"
          label={say('filter')}
          value={status}
          onChoose={(v) => set({ status: v })}
          choices={[{ value: '', label: say('all') }, ...statuses.map((s) => ({ value: s as string, label: nameOf('money.QuoteStatus', s) }))]}
        />
      }
      actions={
        <>
          {role === 'hq-affairs-supervisor' && <Button kind="main" onClick={() => quote(true)}>{say('newQuote')}</Button>}
          <ExportButton view="/v1/compensation-quotes" query={query} title={say('quotes')} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <div className="stack">
        {(role === 'hq-affairs-supervisor' || role === 'city-lead') && <ActsToday />}
        <Answered of={of} rows={12}>
          {(data) =>
            rows.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('quotes')}
                columns={columns(to, role === 'city-lead' ? state : undefined)}
                rows={rows}
                id={(r) => `${r.center} ${r.quote}`}
                more={more}
                count={data.count}
                totals={{ label: say('total'), cells: { amount: <Money of={data.amount} /> } }}
                basis
              />
            )
          }
        </Answered>
      </div>
      {quoting && (
        <Dialog open wide onClose={() => quote(false)} title={say('newQuote')}>
          <QuoteCompensation of={{ center, project: '', room: '', owner: '', ticket }} close={() => quote(false)} />
        </Dialog>
      )}
      {stating && (
        <Dialog open wide onClose={() => state(undefined)} title={say('stateTitle', { quote: stating.quote, sum: money(stating.amount) })}>
          <FileCompensation center={stating.center} ticket={stating.ticket ?? ''} quoted={stating} close={() => state(undefined)} />
        </Dialog>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'quotedOn', head: say('quotedOn') },
  { field: 'quote', head: say('quote') },
  { field: 'center', head: say('center') },
  { field: 'project', head: say('project') },
  { field: 'room', head: say('room') },
  { field: 'ticket', head: say('ticket') },
  { field: 'damage', head: say('damage') },
  { field: 'quotedByName', head: say('quotedBy') },
  { field: 'status', head: say('state') },
  { field: 'sheet', head: say('sheet') },
  { field: 'chargedTo', head: say('chargedTo') },
  { field: 'charge', head: say('chargeNumber') },
  { field: 'amount', head: say('amount') },
];

const columns = (to: ReturnType<typeof useAddress>['to'], state: ((r: Row) => void) | undefined): Column<Row>[] => [
  { key: 'on', head: say('quotedOn'), kind: 'day', sort: 'quotedOn', value: (r) => r.quotedOn },
  { key: 'quote', head: say('quote'), kind: 'tight', value: (r) => r.quote },
  { key: 'center', head: say('center'), kind: 'tight', cell: (r) => <Link href={to(`/centers/${r.center}`)}>{r.center}</Link> },
  { key: 'project', head: say('project'), kind: 'name', value: (r) => `${r.project} ${r.projectName}` },
  {
    key: 'damage',
    head: say('damage'),
    kind: 'name',
    cell: (r) => (
      <span>
        {r.damage} <span className="soft">{[r.room, personOf(r, 'quotedBy')].filter(Boolean).join(' ')}</span>
        {r.ticket && <> <Link href={to(`/tickets/${r.ticket}`)}>{r.ticket}</Link></>}
      </span>
    ),
  },
  { key: 'age', head: say('waits'), kind: 'tight', wide: true, cell: (r) => r.ageDays !== null && <span className="late">{say('days', { n: r.ageDays })}</span> },
  {
    key: 'state',
    head: say('state'),
    cell: (r) => (
      <span>
        <Badge tone={tones[r.status]}>{nameOf('money.QuoteStatus', r.status)}</Badge>
        {r.sheet && <> <Link href={to(`/repairs/${encodeURIComponent(r.sheet)}`)}>{r.sheet}</Link></>}
        {r.charge && <> <Link href={to(`/charges/${r.chargedTo}/${r.charge}`)}>{r.charge}</Link></>}
        {r.chargedTo && r.chargedTo !== r.center && <> <span className="soft">{say('moved', { center: r.chargedTo })}</span></>}
        {state && r.status === 'OPEN' && <Button kind="quiet" onClick={() => state(r)}>{say('stateQuote')}</Button>}
      </span>
    ),
  },
  { key: 'amount', head: say('amount'), kind: 'money', sort: 'amount', value: (r) => r.amount },
];
