import { useId, useState, type ReactNode } from 'react';
import { columnTitle } from '@/api/names';
import { Button } from './Basics';
import { Form, TextField } from './Form';
import { Panel } from './Panel';
import { useView } from './view';
import { words } from './words';

// What the columns of a file are, where its headings do not say so by themselves: a
// heading and what it means, or a layout that was saved; then the file is read again.

const say = words({
  title: ['读错了？', 'Read incorrectly?'],
  help: ['告诉它哪个表头是什么，再读一遍；说好了可以存成版式，下次一选就行。', 'Say what each header means and it is read again; save it as a layout for the next file.'],
  heading: ['表头', 'Header'],
  field: ['是什么', 'What it is'],
  apply: ['这样再读', 'Read it like this'],
  mapping: ['“{heading}”读作{field}', '“{heading}” read as {field}'],
  unknown: ['文件里没有“{heading}”这一列', 'The file has no column headed “{heading}”'],
  forget: ['不这样读“{heading}”', 'Do not read “{heading}” like this'],
  layout: ['版式', 'Layout'],
  none: ['不用版式', 'None'],
  name: ['存成版式，名称', 'Save as a layout named'],
  nameHint: ['同名的会被替换', 'A layout of the same name is replaced'],
  save: ['存版式', 'Save layout'],
});

/** A heading as it is compared: full width or not, with blanks or without. */
const plain = (h: string) => h.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

export type ListKind = 'bank-statements' | 'charges' | 'fault-records' | 'catalogue' | 'counts';

/** How a file is to be read, beyond what is recognised by itself. */
export interface Read {
  /** Headings by field. */
  columns?: Record<string, string>;
  layout?: string;
}

interface Props<H extends Read> {
  kind: ListKind;
  how: H;
  headings: readonly string[];
  again: (how: H) => void;
  busy: boolean;
  /** Further questions of this kind of file, asked with the same press. */
  more?: { field: ReactNode; given: () => Partial<H> };
}

/** Says what a heading means; then the file is read again. What was said can be kept as a layout. */
export function Headings<H extends Read>({ kind, how, headings, again, busy, more }: Props<H>) {
  const of = useView(`/v1/imports/${kind}/layouts` as '/v1/imports/charges/layouts', { uncut: true }).data;
  const fields = of?.fields ?? [];
  const layouts = of?.rows ?? [];
  const [field, setField] = useState('');
  const [heading, setHeading] = useState('');
  const id = useId();
  const title = (f: string) => columnTitle(fields.find((x) => x.field === f) ?? { field: f });
  const known = new Set(headings.map(plain));
  /** A heading that the file does not have names no column; one may be named by its group as well, or by its letter. */
  const lacks = (h: string) => known.size > 0 && h.trim() !== '' && ![plain(h), plain(h.split('/').at(-1) ?? '')].some((p) => known.has(p)) && !/^[A-Z]{1,3}列$/.test(h.trim());
  const given = Object.entries(how.columns ?? {});
  const chosen = field || fields[0]?.field || '';
  const apply = (next: Partial<H>) => again({ ...how, ...next });
  return (
    <Panel title={say('title')}>
      <p className="soft">{say('help')}</p>
      {layouts.length > 0 && (
        <div className="field">
          <label htmlFor={`${id}-layout`}>{say('layout')}</label>
          <select id={`${id}-layout`} value={how.layout ?? ''} onChange={(e) => apply({ layout: e.target.value } as Partial<H>)}>
            <option value="">{say('none')}</option>
            {layouts.map((l) => <option key={l.name} value={l.name}>{l.name}</option>)}
          </select>
        </div>
      )}
      {given.map(([f, h]) => (
        <p key={f}>
          {lacks(h) ? <span className="wrong">{say('unknown', { heading: h })}</span> : say('mapping', { heading: h, field: title(f) })}{' '}
          <Button kind="quiet" busy={busy} aria-label={say('forget', { heading: h })} onClick={() => apply({ columns: Object.fromEntries(given.filter(([other]) => other !== f)) } as Partial<H>)}>✕</Button>
        </p>
      ))}
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (lacks(heading)) return;
          apply({ ...more?.given(), ...(heading.trim() && { columns: { ...how.columns, [chosen]: heading.trim() } }) } as Partial<H>);
          setHeading('');
        }}
      >
        <div className="field" data-invalid={lacks(heading) ? '' : undefined}>
          <label htmlFor={`${id}-heading`}>{say('heading')}</label>
          <input id={`${id}-heading`} list={`${id}-headings`} value={heading} autoComplete="off" aria-invalid={lacks(heading) || undefined} aria-describedby={`${id}-lacks`} onChange={(e) => setHeading(e.target.value)} />
          <datalist id={`${id}-headings`}>{headings.map((h) => <option key={h} value={h} />)}</datalist>
          <div className={lacks(heading) ? 'below error' : 'below'} id={`${id}-lacks`} aria-live="polite">{lacks(heading) && say('unknown', { heading: heading.trim() })}</div>
        </div>
        <div className="field">
          <label htmlFor={`${id}-field`}>{say('field')}</label>
          <select id={`${id}-field`} value={chosen} onChange={(e) => setField(e.target.value)}>
            {fields.map((f) => <option key={f.field} value={f.field}>{columnTitle(f)}</option>)}
          </select>
        </div>
        {more?.field}
        <div className="form-end"><Button type="submit" busy={busy}>{say('apply')}</Button></div>
      </form>
      {given.length > 0 && (
        <Form
          command={`/v1/imports/${kind}/layouts` as '/v1/imports/charges/layouts'}
          params={undefined}
          body={(v) => ({ name: (v.name ?? '').trim(), ...(how.columns && { columns: how.columns }), ...(how.layout && { layout: how.layout }) })}
          draft={`layout.${kind}`}
          submit={say('save')}
          kind="plain"
        >
          <TextField name="name" label={say('name')} hint={say('nameHint')} required />
        </Form>
      )}
    </Panel>
  );
}
