import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { columnTitle, nameOf } from '@/api/names';
import { problemOf, Refused, type Problem } from '@/api/client';
import { useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { SaveButton } from '@/kit/Export';
import { Headings, type Read } from '@/kit/Headings';
import { count, money } from '@/kit/fen';
import { ActsToday, type Outcome } from '@/kit/Form';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { State } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { tag } from '@/kit/words';
import { credentials, useSession } from '@/shell/session';
import { importers, kinds, type Kind } from './kinds';
import { say } from './say';

type Report = Outcome<'/v1/imports/charges'>;
type Result = NonNullable<Report['results']>[number];

/** One file, how it is read, and the key under which it is booked so: the same twice books once. */
interface Held {
  file: File;
  how: Read;
  key: string;
}

export default function Imports() {
  const { get, set } = useAddress();
  const role = useSession()?.role ?? '';
  const mine = kinds.filter((k) => importers[k].includes(role));
  const kind = mine.find((k) => k === get('kind')) ?? mine[0] ?? 'charges';
  const [held, hold] = useState<Held>();
  const [report, see] = useState<Report>();
  const [busy, work] = useState<'reading' | 'booking'>();
  const [problem, fail] = useState<Problem>();
  const cache = useQueryClient();
  const read = async (h: Held, kind: Kind, how: { dryRun?: boolean; partial?: boolean }) => {
    work(how.dryRun ? 'reading' : 'booking');
    fail(undefined);
    try {
      const out = await send(h, kind, how);
      see(out);
      if (!how.dryRun) await cache.invalidateQueries();
    } catch (err) {
      if (how.dryRun) see(undefined); // what was read before was read otherwise
      fail(err instanceof Refused ? err.problem : { type: '', title: '', status: 0, detail: '' });
    }
    work(undefined);
  };
  const again = (file: File, how: Read) => {
    const next = { file, how, key: crypto.randomUUID() };
    hold(next);
    void read(next, kind, { dryRun: true });
  };
  const take = (file: File | undefined) => {
    if (!file) return;
    see(undefined);
    again(file, {});
  };
  const remedy = held && <Headings kind={kind} how={held.how} headings={(report?.columns ?? []).map((c) => c.heading)} again={(how) => again(held.file, how)} busy={busy !== undefined} />;
  const amount = report?.totalAmount || report?.recordedAmount;
  return (
    <Page
      title={say('title')}
      finding={report && (report.dryRun ? foundOf(report, amount) : bookedOf(report))}
      help={say('help')}
      filters={
        <Chips
          at="kind"
          label={say('kind')}
          value={kind}
          onChoose={(k) => {
            set({ kind: k === mine[0] ? '' : k });
            see(undefined);
            // What was said of the columns of one kind of list says nothing of another's.
            if (!held) return;
            const anew = { ...held, how: {} };
            hold(anew);
            void read(anew, k as Kind, { dryRun: true });
          }}
          choices={mine.map((k) => ({ value: k, label: nameOf('names.ImportKind', k) }))}
        />
      }
      actions={
        held &&
        report?.dryRun && (
          <>
            {!report.bookable && report.valid > 0 && <Button busy={busy === 'booking'} onClick={() => void read(held, kind, { partial: true })}>{say('bookGood', { n: count(report.valid) })}</Button>}
            {report.bookable && <Button kind="main" busy={busy === 'booking'} onClick={() => void read(held, kind, {})}>{say('book', { n: count(report.valid) })}</Button>}
          </>
        )
      }
    >
      <div className="stack">
        {mine.length > 0 && <ActsToday />}
        {mine.length ? <Drop take={take} name={held?.file.name} busy={busy} /> : <State title={say('mayNot')} />}
        {problem && (
          <div className="notice" data-tone="bad" role="alert">
            <h3>{problem.title || say('failed')}</h3>
            <p>{problem.detail || say('away')}</p>
            {problem.violations?.filter((v) => !problem.detail.includes(v.rule)).map((v, i) => <p key={i}>{[v.field, v.value, v.rule].filter(Boolean).join(' · ')}</p>)}
          </div>
        )}
        {report ? <Outcomes of={report} remedy={report.dryRun && remedy} /> : problem?.status === 422 && remedy}
      </div>
    </Page>
  );
}

const foundOf = (r: Report, amount: string | undefined) =>
  say('finding', { file: r.file, rows: count(r.rows), good: count(r.valid + r.unchanged), refused: count(r.refused), amount: amount ? say('amount', { sum: money(amount) }) : '' });
const bookedOf = (r: Report) =>
  say('booked', { file: r.file, recorded: count(r.recorded), unchanged: count(r.unchanged), refused: count(r.refused), amount: r.recordedAmount ? say('amount', { sum: money(r.recordedAmount) }) : '' });

async function send(h: Held, kind: Kind, how: { dryRun?: boolean; partial?: boolean }): Promise<Report> {
  const { columns = {}, layout } = h.how;
  const params = new URLSearchParams({
    file: h.file.name,
    ...(Object.keys(columns).length > 0 && { columns: JSON.stringify(columns) }),
    ...(layout && { layout }),
    ...(how.dryRun && { dryRun: 'true' }),
    ...(how.partial && { partial: 'true' }),
  });
  const headers = new Headers({ 'Content-Type': 'application/octet-stream', 'Accept-Language': tag(), 'Idempotency-Key': `${h.key}${how.dryRun ? '-dry' : how.partial ? '-good' : ''}` });
  credentials(headers);
  const got = await fetch(`/v1/imports/${kind}?${params}`, { method: 'POST', headers, body: h.file });
  const body: unknown = await got.json().catch(() => undefined);
  // A report tells what was refused; a problem that nothing could be read.
  if (body && typeof body === 'object' && 'results' in body) return body as Report;
  if (!got.ok) throw new Refused(problemOf(body, got));
  return body as Report;
}

/** Where a file is dropped, or chosen with a press or the keyboard. */
function Drop({ take, name, busy }: { take: (file: File | undefined) => void; name: string | undefined; busy: 'reading' | 'booking' | undefined }) {
  const [over, hover] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (e: DragEvent) => {
    e.preventDefault();
    hover(false);
    take(e.dataTransfer.files[0]);
  };
  return (
    <div
      className="drop"
      data-over={over || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        hover(true);
      }}
      onDragLeave={() => hover(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        id="drop"
        className="unseen"
        type="file"
        accept=".xlsx,.csv,.txt,.xls"
        onChange={(e) => {
          take(e.target.files?.[0]);
          e.target.value = '';
        }}
      />
      <label htmlFor="drop" aria-live="polite">
        {busy === 'reading' ? say('reading', { name: name ?? '' }) : busy === 'booking' ? say('booking') : name ? `${name} — ${say('again')}` : say('drop')}
      </label>
    </div>
  );
}

const outcomes: Record<string, Tone> = { recorded: 'good', unchanged: 'plain', refused: 'bad', valid: 'mark' };

/** What became of a row, in words. */
const became = (x: Result) => (x.outcome === 'recorded' ? say('recorded') : x.outcome === 'unchanged' ? say('unchanged') : x.outcome === 'refused' ? say('refusedRow') : say('valid'));
const wrongIn = (x: Result) => [columnTitle(x), x.value && `“${x.value}”`, x.rule].filter(Boolean).join(' ');

const saved = () => [
  { head: say('place'), of: (x: Result) => x.cell || String(x.row) },
  { head: say('outcome'), of: became },
  { head: say('document'), of: (x: Result) => x.document },
  { head: say('says'), of: (x: Result) => (x.outcome === 'refused' ? wrongIn(x) : x.books) },
  { head: say('sum'), of: (x: Result) => x.amount, amount: true },
];

function Outcomes({ of: r, remedy }: { of: Report; remedy: ReactNode }) {
  const { get, set } = useAddress();
  const bad = get('rows') === 'bad';
  const all = r.results ?? [];
  const rows = bad ? all.filter((x) => x.outcome === 'refused') : all;
  const columns: Column<Result>[] = [
    { key: 'cell', head: say('place'), kind: 'tight', value: (x) => x.cell || String(x.row) },
    { key: 'outcome', head: say('outcome'), kind: 'tight', cell: (x) => <Badge tone={outcomes[x.outcome]}>{became(x)}</Badge> },
    { key: 'document', head: say('document'), kind: 'tight', value: (x) => x.document },
    { key: 'says', head: say('says'), cell: (x) => (x.outcome === 'refused' ? <span className="wrong">{wrongIn(x)}</span> : x.books) },
    { key: 'amount', head: say('sum'), kind: 'money', value: (x) => x.amount },
  ];
  return (
    <div className="beside">
      <div className="stack">
        <div className="page-tools">
        <Chips
          at="rows"
          label={say('filter')}
          value={bad ? 'bad' : ''}
          onChoose={(v) => set({ rows: v }, true)}
          choices={[
            { value: '', label: say('allRows'), count: r.rows },
            { value: 'bad', label: say('onlyBad'), count: r.refused },
          ]}
        />
        <div className="right"><SaveButton title={say('results')} columns={saved()} rows={rows} /></div>
        </div>
        <Table
          label={say('results')}
          columns={columns}
          rows={rows}
          id={(x) => `${x.row} ${x.cell} ${x.field}`}
          {...(r.totalAmount && !bad && { totals: { label: say('results'), cells: { amount: <Money of={r.totalAmount} /> } } })}
          foot={r.unlisted ? say('unlisted', { n: count(r.unlisted) }) : undefined}
        />
        {r.note && <p className="notice" data-tone="watch">{r.note}</p>}
      </div>
      <div className="side">
        <Panel title={say('columns')} bare>
          <table className="table plain-table">
            <thead>
              <tr>
                <th scope="col">{say('column')}</th>
                <th scope="col">{say('heading')}</th>
                <th scope="col">{say('readAs')}</th>
              </tr>
            </thead>
            <tbody>
              {(r.columns ?? []).map((c) => (
                <tr key={c.column}>
                  <td className="tight">{c.column}</td>
                  <td translate="no">{c.heading}</td>
                  <td className={c.field ? undefined : 'late'}>{columnTitle(c) || `${say('notRead')} · ${nameOf('names.ColumnStatus', c.status)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        {remedy}
        <Panel title={say('totals')} bare>
          {r.totals?.length ? (
            <table className="table plain-table">
              <thead>
                <tr>
                  <th scope="col">{say('place')}</th>
                  <th scope="col" className="num">{say('stated')}</th>
                  <th scope="col" className="num">{say('found')}</th>
                </tr>
              </thead>
              <tbody>
                {r.totals.map((t, i) => (
                  <tr key={i}>
                    <td>
                      {t.cell} {t.word}
                    </td>
                    <td className="num">{t.stated}</td>
                    <td className={`num ${t.status === 'DIFFERS' ? 'wrong' : t.status === 'AGREES' ? 'proved' : 'soft'}`}>
                      {t.status === 'NOT_COMPARED' ? t.why : `${t.found} ${t.status === 'AGREES' ? '✓' : '✕'}`}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            <p className="inner soft">{say('noTotals')}</p>
          )}
        </Panel>
        {Boolean(r.passedOver?.length) && (
          <Panel title={say('passed')} bare>
            <ul className="batch">
              {(r.passedOver ?? []).map((p, i) => (
                <li key={i}>
                  <span className="soft">{p.place}</span>
                  <span>{nameOf('sheet.Why', p.why)}</span>
                  <span className="soft">{p.text}</span>
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </div>
  );
}
