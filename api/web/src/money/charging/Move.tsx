import { useState } from 'react';
import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Badge, Button, Money } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { DayField, dayOfField, Form, TextField, type Outcome } from '@/kit/Form';
import { count, money } from '@/kit/fen';
import { Table } from '@/kit/Table';
import { useRows } from '@/kit/view';
import { say } from './say';

type Moved = Outcome<'/v1/projects/{project}/center'>;

/** A project goes to another center, with what is open of its charges since then (5.3.4). */
export function Move({ center, name, close }: { center: string; name: string; close: () => void }) {
  const [moved, move] = useState<Moved>();
  const projects = useRows('/v1/projects', { query: { center }, uncut: true }).rows;
  const centers = useRows('/v1/receivables', { uncut: true }).rows.flatMap((c) => (c.center && c.center !== center ? [{ value: c.center, label: c.name ?? '' }] : []));
  return (
    <Dialog open wide onClose={close} title={say('moveTitle', { center: name })}>
      {moved ? (
        <Result of={moved} close={close} />
      ) : (
        <>
          <p className="soft">{say('moveHelp')}</p>
          <Form
            command="/v1/projects/{project}/center"
            params={(v) => ({ project: (v.project ?? '').trim() })}
            body={(v) => ({ center: (v.center ?? '').trim(), from: dayOfField(v.from) })}
            draft={`move.${center}`}
            submit={say('doMove')}
            kind="danger"
            onDone={move}
            onCancel={close}
          >
            <div className="field-row">
              <TextField name="project" label={say('project')} required autoFocus offers={projects.map((p) => ({ value: p.project, label: p.name }))} />
              <TextField name="center" label={say('newCenter')} required offers={centers} />
              <DayField name="from" label={say('from')} required />
            </div>
          </Form>
        </>
      )}
    </Dialog>
  );
}

function Result({ of: moved, close }: { of: Moved; close: () => void }) {
  const { to } = useAddress();
  const rows = moved?.charges ?? [];
  const total = moved?.total ?? '0.00';
  return (
    <div className="stack">
      <p className="proved" role="status">{say('moved', { project: moved?.id ?? '', n: count(rows.length), sum: money(total) })}</p>
      {rows.length > 0 && (
        <Table
          label={say('gross')}
          rows={rows}
          id={(r) => r.charge}
          columns={[
            { key: 'was', head: say('was'), kind: 'tight', cell: (r) => <Link href={to(`/charges/${r.fromCenter}/${encodeURIComponent(r.fromCharge)}`)}>{`${r.fromCenter} ${r.fromCharge}`}</Link> },
            { key: 'charge', head: say('number'), cell: (r) => <Link href={to(`/charges/${r.center}/${encodeURIComponent(r.charge)}`)}>{`${r.center} ${r.charge}`}</Link> },
            { key: 'posted', head: say('posted'), kind: 'day', value: (r) => r.posted },
            { key: 'due', head: say('due'), kind: 'day', value: (r) => r.dueOn },
            { key: 'disputed', head: '', cell: (r) => r.disputed && <Badge tone="watch">{say('withDispute')}</Badge> },
            { key: 'amount', head: say('gross'), kind: 'money', value: (r) => r.amount },
          ]}
          totals={{ label: '', cells: { amount: <Money of={total} /> } }}
        />
      )}
      <div className="form-end"><Button kind="main" onClick={close}>{say('close')}</Button></div>
    </div>
  );
}
