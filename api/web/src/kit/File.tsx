import { useId, useRef, useState, type InputHTMLAttributes } from 'react';
import { problemOf, Refused } from '@/api/client';
import { credentials } from '@/shell/session';
import { Field, lacking, useForm, type FieldProps } from './Form';
import { tag, words } from './words';

const say = words({
  choose: ['选择文件…', 'Choose a file…'],
  chooseSome: ['选择文件…', 'Choose files…'],
  sending: ['正在上传 {name}…', 'Uploading {name}…'],
  wanted: ['请选择文件', 'Please choose a file'],
  waits: ['{name} 还没有传完，请稍等', '{name} is still uploading: please wait'],
  kept: ['已存：{name}', 'Stored: {name}'],
  failed: ['没有传上：{why}', 'Not stored: {why}'],
  away: ['服务器没有应答', 'the server did not answer'],
  drop: ['去掉 {name}', 'Remove {name}'],
});

/** What may be chosen. */
const accepted = '.pdf,.png,.jpg,.jpeg,.xlsx,.eml,application/pdf,image/*';

/** A file that is kept: what a command names it by, and what people call it. */
export interface Kept {
  sha256: string;
  name: string;
}

/** Keeps a paper; the answer is the SHA-256 that a command names it by. */
export async function keep(file: File): Promise<string> {
  const headers = new Headers({ 'Content-Type': file.type || 'application/octet-stream', 'Accept-Language': tag(), 'Idempotency-Key': crypto.randomUUID() });
  credentials(headers);
  const got = await fetch(`/v1/attachments?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers, body: file });
  const body: unknown = await got.json().catch(() => undefined);
  if (!got.ok) throw new Refused(problemOf(body, got));
  return (body as { sha256: string }).sha256;
}

/** The control that files are chosen by, in the words of the page: the browser's own speaks the browser's language. */
const Chooser = (of: InputHTMLAttributes<HTMLInputElement>) => (
  <label className="chooser">
    <input {...of} type="file" className="unseen" accept={accepted} />
    <span className="button" aria-hidden="true">{of.multiple ? say('chooseSome') : say('choose')}</span>
  </label>
);

/** A file that is kept when it is chosen; the form sends its SHA-256, and nothing while the file is under way. What it began with is called as it is known. */
export function FileField(props: FieldProps & { known?: string | undefined }) {
  const { values, set } = useForm();
  const [state, say1] = useState<string>();
  const [failed, fail] = useState('');
  const [under, send] = useState<File>();
  const latest = useRef<File>(undefined); // chosen twice, the second counts
  const value = values[props.name] ?? '';
  const choose = async (file: File | undefined) => {
    if (!file) return;
    latest.current = file;
    send(file);
    fail('');
    say1(say('sending', { name: file.name }));
    let kept = '';
    let why = '';
    try {
      kept = await keep(file);
    } catch (err) {
      why = err instanceof Refused ? err.message : say('away');
    }
    if (latest.current !== file) return;
    send(undefined);
    fail(why && say('failed', { why }));
    say1(why ? undefined : say('kept', { name: file.name }));
    if (kept || value) set(props.name, kept); // what was chosen before is not sent in its place
  };
  return (
    <Field {...props} hint={failed || (state ?? (value ? say('kept', { name: props.known ?? value.slice(0, 12) }) : (props.hint ?? '')))} check={() => (under ? say('waits', { name: under.name }) : lacking(value, props.required) && (failed || say('wanted')))}>
      {(at) => (
        <Chooser
          {...at}
          aria-required={undefined} // which no chooser of files can be
          onChange={(e) => {
            const chosen = e.currentTarget;
            void choose(chosen.files?.[0]).then(() => (chosen.value = '')); // what failed may be chosen again
          }}
        />
      )}
    </Field>
  );
}

/** Files that bear something out, kept as they are chosen; a photograph of a phone is one. */
export function FilesInput({ label, files, most = 10, onChange, onBusy }: { label: string; files: readonly Kept[]; most?: number; onChange: (files: Kept[]) => void; onBusy: (busy: boolean) => void }) {
  const [state, tell] = useState('');
  const [under, begin] = useState(false);
  const id = useId();
  const choose = async (chosen: FileList | null) => {
    if (under) return;
    begin(true);
    onBusy(true);
    await bring(chosen);
    begin(false);
    onBusy(false);
  };
  const bring = async (chosen: FileList | null) => {
    let all = [...files];
    for (const file of [...(chosen ?? [])].slice(0, most - files.length)) {
      tell(say('sending', { name: file.name }));
      try {
        const sha256 = await keep(file);
        onChange((all = [...all.filter((f) => f.sha256 !== sha256), { sha256, name: file.name }]));
        tell('');
      } catch (err) {
        tell(say('failed', { why: err instanceof Refused ? err.message : say('away') }));
        return;
      }
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {files.length > 0 && (
        <ul className="kept">
          {files.map((f) => (
            <li key={f.sha256}>
              {f.name} <button type="button" className="plain" aria-label={say('drop', { name: f.name })} onClick={() => onChange(files.filter((o) => o !== f))}>✕</button>
            </li>
          ))}
        </ul>
      )}
      {files.length < most && (
        <Chooser
          id={id}
          multiple
          disabled={under}
          aria-describedby={`${id}-below`}
          onChange={(e) => {
            const at = e.currentTarget;
            void choose(at.files).then(() => (at.value = '')); // what is named above is not named twice
          }}
        />
      )}
      <div className="below" id={`${id}-below`} aria-live="polite">{state}</div>
    </div>
  );
}

/** The files that came with something, each opened by its name; the names alone where they may not be read. */
export function Files({ of, named = false }: { of: readonly Kept[] | null | undefined; named?: boolean }) {
  if (!of?.length) return null;
  return <span className="kept">{of.map((f) => (named ? <span key={f.sha256}>{f.name}</span> : <a key={f.sha256} href={`/v1/attachments/${f.sha256}`} target="_blank" rel="noreferrer">{f.name}</a>))}</span>;
}
