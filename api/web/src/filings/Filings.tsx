import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Button, Chips, Money, type Tone } from '@/kit/Basics';
import { plusMonths, shortDay } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { ExportButton, PrintButton } from '@/kit/Export';
import { ActsToday, useCommand } from '@/kit/Form';
import { count, sum } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { Panel } from '@/kit/Panel';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { clauses, headed, listed, saidOn, within } from '@/kit/words';
import { say } from './say';

type Form = RowOf<'/v1/filings'>;
const forms = ['F1', 'F3', 'F4'] as const;

/** A project's month: its three forms in one row. */
interface Row {
  project: string;
  of: Form;
  forms: Map<string, Form>;
}

export default function Filings() {
  const { get, set, cut, to } = useAddress();
  const month = get('month') || asOfDay(cut).slice(0, 7);
  const region = get('region');
  const which = get('show');
  const query = { month, ...(region && { region }) };
  // A month is looked at whole: what is missing must be all of it.
  const { rows, first, of, more } = useRows('/v1/filings', { query, whole: true });
  const [asked, ask] = useState<(typeof forms)[number]>();
  const projects = useMemo(() => {
    const by = new Map<string, Row>();
    for (const f of rows) {
      const row = by.get(f.project) ?? { project: f.project, of: f, forms: new Map<string, Form>() };
      row.forms.set(f.form, f);
      by.set(f.project, row);
    }
    return [...by.values()];
  }, [rows]);
  const has = (r: Row, is: (f: Form) => boolean) => [...r.forms.values()].some(is);
  const missing = (f: Form) => f.state === 'MISSING';
  const pass = (f: Form) => (f.state === 'FILED' || f.state === 'NIL') && !f.sent;
  const shown = projects.filter((r) => (which === 'missing' ? has(r, missing) : which === 'late' ? has(r, (f) => f.late) : which === 'pass' ? has(r, pass) : true));
  const totals = first?.totals ?? [];
  const add = (pick: (t: (typeof totals)[number]) => number) => totals.reduce((n, t) => n + pick(t), 0);
  const ready = first && !more.has;
  /** Of all projects of the month, once they are here. */
  const counted = (is: (r: Row) => boolean) => (ready ? projects.filter(is).length : undefined);
  const papers: Paper[] = region ? forms.map((form) => ({ key: form, label: say('paper', { form }), path: `/v1/regions/${encodeURIComponent(region)}/filings/${month}/${form}/form` })) : [];
  return (
    <Page
      of={of}
      title={headed(region, say('title', { year: month.slice(0, 4), month: month.slice(5).replace(/^0/, '') }))}
      finding={first && say('finding', { owed: add((t) => t.owed), filed: add((t) => t.filed), nil: add((t) => t.nil), missing: add((t) => t.missing), late: add((t) => t.late) })}
      help={region ? say('help') : saidOn(say('help'), say('chooseRegion'))}
      {...(region && { crumbs: [{ label: say('filings'), to: to('/filings', { month }) }, { label: region }] })}
      filters={
        <>
          <div className="chips" role="group" aria-label={say('month')}>
            <button type="button" className="chip" onClick={() => set({ month: plusMonths(month, -1) })} aria-label={say('earlier')}>‹</button>
            <span>{month}</span>
            <button type="button" className="chip" onClick={() => set({ month: plusMonths(month, 1) })} aria-label={say('later')}>›</button>
          </div>
          <Chips
            at="show"
            label={say('filter')}
            value={which}
            onChoose={(v) => set({ show: v })}
            choices={[
              { value: '', label: say('all'), count: counted(() => true) },
              { value: 'missing', label: say('missing'), count: counted((r) => has(r, missing)) },
              { value: 'late', label: say('lateOnes'), count: counted((r) => has(r, (f) => f.late)) },
              { value: 'pass', label: say('toPass'), count: counted((r) => has(r, pass)) },
            ]}
          />
          {first && <span className="soft">{say('due', { day: shortDay(first.dueOn) })}</span>}
        </>
      }
      actions={
        <>
          {region && forms.map((form) => <Button key={form} onClick={() => ask(form)}>{say('collect', { form })}</Button>)}
          <PaperButtons papers={papers} />
          <ExportButton view="/v1/filings" query={query} title={say('title', { year: month.slice(0, 4), month: month.slice(5).replace(/^0/, '') })} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      {asked && <Collect form={asked} region={region} month={month} close={() => ask(undefined)} />}
      <WithPaper papers={papers}>
      <Answered of={of} rows={16}>
        {() =>
          shown.length === 0 ? (
            <Empty />
          ) : (
            <Table
              label={say('filings')}
              columns={columns(month, to)}
              rows={shown}
              id={(r) => r.project}
              more={more}
              {...(ready &&
                !region && {
                  groupOf: (r: Row) => r.of.region,
                  group: (name: string, own: Row[]) => ({
                    label: (
                      <>
                        <Link href={to('/filings', { month, region: name })}>{name}</Link>{' '}
                        <span className="soft">{say('group', { n: own.length, missing: own.reduce((n, r) => n + [...r.forms.values()].filter(missing).length, 0) })}</span>
                      </>
                    ),
                    cells: { charged: <Money of={sum(own.map((r) => r.forms.get('F3')?.total ?? '0'))} /> },
                  }),
                })}
              {...(!which && {
                totals: { label: say('total'), cells: { charged: <Money of={sum(totals.map((t) => t.total ?? '0'))} /> } },
              })}
              basis
            />
          )
        }
      </Answered>
      </WithPaper>
    </Page>
  );
}

const exported = () => [
  { field: 'project', head: say('project') },
  { field: 'name', head: say('name') },
  { field: 'center', head: say('center') },
  { field: 'form', head: say('filings') },
  { field: 'state', head: say('filter') },
  { field: 'filedOn', head: say('month') },
  { field: 'total', head: say('charged') },
];

const tones: Record<string, Tone> = { FILED: 'good', NIL: 'good', MISSING: 'bad', RETURNED: 'watch', DUE: 'plain' };

function Cell({ of: f, to }: { of: Form | undefined; to: string }) {
  if (!f) return null;
  return (
    <>
      <Link href={to}><Badge tone={f.late && f.state !== 'MISSING' ? 'watch' : tones[f.state]}>{nameOf('filings.FilingState', f.state)}</Badge></Link>{' '}
      <span className={f.state === 'MISSING' ? 'wrong nowrap' : 'soft nowrap'}>
        {f.state === 'MISSING' && f.daysOver ? say('over', { n: f.daysOver }) : ''}
        {clauses(
          f.late && f.state !== 'MISSING' ? say('late') : '',
          f.sentOn ? say('sentOn', { day: f.sentOn.slice(5) }) : f.awaits ? say('waits', { role: within(nameOf('domain.Role', f.awaits)) }) : f.filedOn ? say('filedOn', { day: f.filedOn.slice(5) }) : '',
        )}
      </span>
    </>
  );
}

const columns = (month: string, to: ReturnType<typeof useAddress>['to']): Column<Row>[] => [
  { key: 'project', head: say('project'), kind: 'tight', cell: (r) => <Link href={to(`/filings/${r.project}/${month}`)}>{r.project}</Link> },
  { key: 'name', head: say('name'), kind: 'name', value: (r) => r.of.name },
  { key: 'center', head: say('center'), kind: 'tight', value: (r) => r.of.center },
  ...forms.map((form): Column<Row> => ({ key: form, head: `${form} ${nameOf('filing.Form', form)}`, cell: (r) => <Cell of={r.forms.get(form)} to={to(`/filings/${r.project}/${month}`, { form: form === 'F1' ? '' : form })} /> })),
  { key: 'charged', head: say('charged'), kind: 'money', value: (r) => r.forms.get('F3')?.total ?? '' },
  { key: 'team', head: say('team'), value: (r) => ([...r.forms.values()].some((f) => f.state === 'MISSING' || f.state === 'RETURNED') ? listed(r.of.team ?? []) || say('noTeam') : '') },
];

/** Collects a form of every project of a region, and says what became of each. */
function Collect({ form, region, month, close }: { form: (typeof forms)[number]; region: string; month: string; close: () => void }) {
  const { run, busy, problem, outcome } = useCommand('/v1/regions/{region}/filings/{month}/{form}/collection', { what: say('collect', { form }).replace('…', '') });
  return (
    <Dialog open onClose={close} title={say('askCollect', { region, month, form })} wide={Boolean(outcome)}>
      {outcome ? (
        <Panel title={say('collected', { region, form })} note={say('result', { sent: count(outcome.sent), missing: count(outcome.missing), refused: count(outcome.refused) })} bare>
          <ol className="batch">
            {(outcome.rows ?? []).map((r) => (
              <li key={r.project}>
                <span className={r.outcome === 'REFUSED' || r.outcome === 'MISSING' ? 'wrong' : r.outcome === 'SENT' ? 'proved' : 'soft'}>{r.outcome === 'REFUSED' || r.outcome === 'MISSING' ? '✕' : r.outcome === 'SENT' ? '✓' : '·'}</span>
                <span>{r.project} {r.name}</span>
                <span>{outcomeOf(r)}</span>
              </li>
            ))}
          </ol>
        </Panel>
      ) : (
        <>
          <p>{say('askCollectHelp')}</p>
          <ActsToday />
          {problem && <p className="wrong" role="alert">{problem.detail}</p>}
          <div className="form-end">
            <Button kind="main" busy={busy} onClick={() => run({ region, month, form }, undefined as never)}>{say('collect', { form }).replace('…', '')}</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function outcomeOf(r: { outcome: string; awaits?: string; problem?: string }): string {
  const role = within(nameOf('domain.Role', r.awaits));
  switch (r.outcome) {
    case 'SENT':
      return say('sent');
    case 'REVIEWED':
      return say('reviewed', { role });
    case 'WAITS':
      return say('waitsFor', { role });
    case 'DONE':
      return say('done');
    case 'MISSING':
      return say('isMissing');
    case 'RETURNED':
      return say('returned');
  }
  return say('refused', { problem: r.problem ?? '' });
}
