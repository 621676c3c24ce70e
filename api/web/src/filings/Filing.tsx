import { useState } from 'react';
import { useParams } from 'wouter';
import { nameOf } from '@/api/names';
import { backAt, useAddress } from '@/kit/address';
import { Badge, Chips, Money } from '@/kit/Basics';
import { longDay, shortDay } from '@/kit/dates';
import { Form, TextField } from '@/kit/Form';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { PaperButtons, WithPaper, type Paper } from '@/kit/Paper';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { RecordLife } from '@/kit/Record';
import { Answered, State } from '@/kit/States';
import { Timeline } from '@/kit/Timeline';
import { useRows, useView } from '@/kit/view';
import { listed, within } from '@/kit/words';
import { useSession } from '@/shell/session';
import { say } from './say';

const forms = ['F1', 'F3', 'F4'] as const;

/** One form of a project's month: its versions, what its reviewers said, and the paper beside it. */
export default function Filing() {
  const { project = '', month = '' } = useParams<{ project: string; month: string }>();
  const { get, set, cut, to } = useAddress();
  const back = backAt(cut);
  const then = (on: string) => !back || on <= back;
  const form = forms.find((f) => f === get('form')) ?? 'F1';
  const q = useView('/v1/projects/{project}/filings/{month}/{form}', { path: { project, month, form }, uncut: true });
  const all = q.data?.versions ?? [];
  // What was filed later was not there on the day that is looked at.
  const versions = all.filter((v) => then(v.filedOn));
  const last = versions.at(-1);
  const none = back && all.length ? say('notThen', { month, day: longDay(back) }) : say('oneNone', { month });
  const paperOf = (n: number): Paper => ({ key: `form-${n}`, label: `${say('paper', { form })} ${say('nth', { n })}`, path: `/v1/projects/${project}/filings/${month}/${form}/form`, query: { version: String(n) } });
  // The newest of the day that is looked at has its button above, each before it where it is told of.
  const papers: Paper[] = last ? [{ ...paperOf(last.version), key: 'form', label: say('paper', { form }) }] : [];
  const earlier = versions.slice(0, -1).map((v) => paperOf(v.version));
  return (
    <Page
      of={q}
      title={`${project} · ${form} ${nameOf('filing.Form', form)}`}
      finding={q.data && (last ? say('oneFinding', { month, n: last.version, day: longDay(last.filedOn) }) : none)}
      help={say('oneHelp')}
      crumbs={[{ label: say('filings'), to: to('/filings', { month }) }, { label: month, to: to('/filings', { month }) }, { label: project }]}
      filters={<Chips at="form" label={say('filings')} value={form} onChoose={(v) => set({ form: v === 'F1' ? '' : v, event: '' })} choices={forms.map((f) => ({ value: f, label: `${f} ${nameOf('filing.Form', f)}` }))} />}
      actions={<PaperButtons papers={papers} />}
    >
      <WithPaper papers={[...papers, ...earlier]}>
        <Answered of={q} rows={8}>
          {(data) => {
            const steps = (data.steps ?? []).filter((s) => then(s.on));
            return !last ? (
              <State title={none} />
            ) : (
              <div className="stack">
                {last === all.at(-1) && <Turn project={project} month={month} form={form} />}
                {steps.length > 0 && <Panel title={say('reviews')} bare>
                  <Timeline
                    steps={steps.map((s, i) => ({
                      key: String(i),
                      day: s.on,
                      what: `${nameOf('names.Event', s.event)} ${say('nth', { n: s.version })} ${s.step ? nameOf('domain.Role', s.step) : ''} ${listed((s.to ?? []).map((r) => nameOf('domain.Role', r)))}`,
                      who: [personOf(s, 'by'), s.note].filter(Boolean).join(' · '),
                      tone: s.refused || s.event === 'ReportReturned' ? 'bad' : s.event === 'ReportSent' || s.event === 'ReportReviewed' ? 'good' : 'plain',
                    }))}
                  />
                </Panel>}
                {[...versions].reverse().map((v) => (
                  <Panel key={v.version} title={say('nth', { n: v.version })} note={<>{v.nil && <Badge>{say('nil')}</Badge>} {v.late && <Badge tone="watch">{say('late')}</Badge>} <PaperButtons papers={earlier.filter((p) => p.key === `form-${v.version}`)} /></>}>
                    <Facts
                      of={[
                        { name: say('filedBy'), is: `${personOf(v, 'by')} ${shortDay(v.filedOn)}` },
                        { name: say('dueDay'), is: v.dueOn && shortDay(v.dueOn) },
                        { name: say('faults'), is: v.faults?.length ? count(v.faults.length) : '' },
                        { name: say('chargeLines'), is: v.charges?.length ? count(v.charges.length) : '' },
                        { name: say('charged'), is: form === 'F3' && v.total && <Money of={v.total} zero /> },
                        { name: say('remark'), is: v.remark },
                        { name: say('hash'), is: v.contentHash && <code>{v.contentHash.slice(0, 16)}…</code> },
                      ]}
                    />
                  </Panel>
                ))}
                <RecordLife streams={[`filing-${project}-${month}`]} names={form} first="fields" />
              </div>
            );
          }}
        </Answered>
      </WithPaper>
    </Page>
  );
}

type FormCode = (typeof forms)[number];

/** What the reader can do with a form whose turn is theirs: let it go on, send an F4 back, pass it on. */
function Turn({ project, month, form }: { project: string; month: string; form: FormCode }) {
  const role = useSession()?.role ?? '';
  const { rows } = useRows('/v1/filings', { query: { month, project }, uncut: true });
  const [way, go] = useState<'approve' | 'giveBack'>('approve');
  const f = rows.find((r) => r.form === form);
  const params = { project, month, form };
  const draft = `filing.${project}.${month}.${form}`;
  if (!f || f.sent || (f.state !== 'FILED' && f.state !== 'NIL')) return null;
  if (f.awaits === role)
    return (
      <Panel title={say('turn')}>
        {form === 'F4' && <Chips label={say('turn')} value={way} onChoose={(v) => go(v as 'approve')} choices={(['approve', 'giveBack'] as const).map((v) => ({ value: v, label: say(v) }))} />}
        <Form
          key={way}
          command="/v1/projects/{project}/filings/{month}/{form}/review"
          params={params}
          body={(v) => ({ approve: way === 'approve', ...(v.note && { note: v.note }) })}
          draft={draft}
          submit={say(way)}
          kind={way === 'approve' ? 'main' : 'danger'}
        >
          <TextField name="note" label={say(way === 'approve' ? 'remark' : 'why')} required={way === 'giveBack'} lines />
        </Form>
      </Panel>
    );
  if (!f.awaits && role === 'regional-admin')
    return (
      <Panel title={say('turn')}>
        <Form command="/v1/projects/{project}/filings/{month}/{form}/dispatch" params={params} body={() => undefined as never} draft={draft} submit={say('passOn')}>
          <p className="soft">{say(`passOn${form}`)}</p>
        </Form>
      </Panel>
    );
  return f.awaits ? <p className="soft">{say('waits', { role: within(nameOf('domain.Role', f.awaits)) })}</p> : null;
}
