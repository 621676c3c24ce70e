import { useState } from 'react';
import { nameOf } from '@/api/names';
import { Badge, Button, Proof } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { FileField } from '@/kit/File';
import { Form, listOf, SelectField, TextField, type Outcome } from '@/kit/Form';
import { count } from '@/kit/fen';
import { useSession } from '@/shell/session';
import type { Row } from './Findings';
import { say } from './say';

type Act = 'close' | 'assign' | 'reopen';
type Decided = Outcome<'/v1/findings/close'>;

const atOnce = 500;
const endings = ['EXPLAINED', 'ADJUSTED', 'ACCEPTED'] as const;

/** What can be done with the findings that were chosen; what became of each stands in the dialog afterwards. */
export function Decide({ rows, status, onDone }: { rows: Row[]; status: string; onDone: () => void }) {
  const role = useSession()?.role;
  const lead = role === 'tech-group-lead';
  // What was chosen when the dialog opened: rows that are closed leave the list behind it.
  const [asked, ask] = useState<{ act: Act; rows: Row[] }>();
  const [out, tell] = useState<Decided>();
  const n = { n: count(rows.length) };
  const shut = () => {
    ask(undefined);
    if (out) onDone();
    tell(undefined);
  };
  const open = (act: Act) => ask({ act, rows });
  const closed = status === 'EXPLAINED' || status === 'ADJUSTED' || status === 'ACCEPTED';
  return (
    <>
      {rows.length > 0 && status === 'OPEN' && (
        <>
          {lead && <Button kind="main" onClick={() => open('close')}>{say('close', n)}…</Button>}
          <Button onClick={() => open('assign')}>{say('assign', n)}…</Button>
        </>
      )}
      {rows.length > 0 && closed && lead && <Button onClick={() => open('reopen')}>{say('reopen', n)}…</Button>}
      {asked && (
        <Dialog open wide={Boolean(out)} onClose={shut} title={say(asked.act, { n: count(asked.rows.length) })}>
          {out ? <Told of={out} onClose={shut} /> : asked.rows.length > atOnce ? <p className="wrong">{say('tooMany')}</p> : <Ask of={asked} tell={tell} onCancel={shut} />}
        </Dialog>
      )}
    </>
  );
}

function Ask({ of, tell, onCancel }: { of: { act: Act; rows: Row[] }; tell: (out: Decided) => void; onCancel: () => void }) {
  const keys = of.rows.map((r) => r.key);
  const these = keys.join(' '); // what was typed of these findings is of no others
  const n = { n: count(keys.length) };
  switch (of.act) {
    case 'close':
      return (
        <>
          <p className="soft">{say('closeHelp')}</p>
          <Form
            command="/v1/findings/close"
            params={undefined as never}
            body={(v) => ({
              keys,
              status: v.status as (typeof endings)[number],
              reason: v.reason ?? '',
              evidence: [...listOf(v.evidence), ...(v.file ? [v.file] : [])],
            })}
            draft={`findings.close.${these}`}
            submit={say('close', n)}
            onDone={tell}
            onCancel={onCancel}
          >
            <SelectField name="status" label={say('closeAs')} required options={endings.map((e) => ({ value: e, label: nameOf('finding.Status', e) }))} />
            <TextField name="reason" label={say('reason')} required lines />
            <TextField name="evidence" label={say('evidence')} hint={say('evidenceHint')} />
            <FileField name="file" label={say('file')} />
          </Form>
        </>
      );
    case 'assign':
      return (
        <Form command="/v1/findings/assign" params={undefined as never} body={(v) => ({ keys, owner: v.owner ?? '', ...(v.note && { note: v.note }) })} draft={`findings.assign.${these}`} submit={say('assign', n)} onDone={tell} onCancel={onCancel}>
          <TextField name="owner" label={say('to')} hint={say('toHint')} required autoFocus />
          <TextField name="note" label={say('note')} lines />
        </Form>
      );
    case 'reopen':
      return (
        <Form command="/v1/findings/reopen" params={undefined as never} body={(v) => ({ keys, reason: v.reason ?? '' })} draft={`findings.reopen.${these}`} submit={say('reopen', n)} onDone={tell} onCancel={onCancel}>
          <TextField name="reason" label={say('reason')} required lines />
        </Form>
      );
  }
}

function Told({ of, onClose }: { of: Decided; onClose: () => void }) {
  return (
    <>
      <p role="status"><Proof holds={of.refused === 0}>{say('outcome', { done: count(of.done), refused: count(of.refused) })}</Proof></p>
      <ol className="batch">
        {(of.findings ?? []).map((f) => (
          <li key={f.key}>
            <span className={f.outcome === 'REFUSED' ? 'wrong' : 'proved'}>{f.outcome === 'REFUSED' ? '✕' : '✓'}</span>
            <span>{f.key}</span>
            <span>{f.problem ?? <Badge tone="good">{f.outcome === 'DONE' ? say('done') : say('unchanged')}</Badge>}</span>
          </li>
        ))}
      </ol>
      <div className="form-end"><Button kind="main" autoFocus onClick={onClose}>{say('put')}</Button></div>
    </>
  );
}
