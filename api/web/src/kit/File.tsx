import { useState } from 'react';
import { problemOf, Refused } from '@/api/client';
import { credentials } from '@/shell/session';
import { Field, lacking, useForm, type FieldProps } from './Form';
import { tag, words } from './words';

const say = words({
  sending: ['正在上传 {name}…', 'Sending {name}…'],
  kept: ['已存：{name}', 'Kept: {name}'],
  failed: ['没有传上：{why}', 'Not kept: {why}'],
  away: ['服务器没有应答', 'the server did not answer'],
});

/** Keeps a paper; the answer is the SHA-256 that a command names it by. */
export async function keep(file: File): Promise<string> {
  const headers = new Headers({ 'Content-Type': file.type || 'application/octet-stream', 'Accept-Language': tag(), 'Idempotency-Key': crypto.randomUUID() });
  credentials(headers);
  const got = await fetch(`/v1/attachments?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers, body: file });
  const body: unknown = await got.json().catch(() => undefined);
  if (!got.ok) throw new Refused(problemOf(body, got));
  return (body as { sha256: string }).sha256;
}

/** A file that is kept when it is chosen; the form sends its SHA-256. */
export function FileField(props: FieldProps) {
  const { values, set } = useForm();
  const [state, say1] = useState<string>();
  const value = values[props.name] ?? '';
  const choose = async (file: File | undefined) => {
    if (!file) return;
    say1(say('sending', { name: file.name }));
    try {
      set(props.name, await keep(file));
      say1(say('kept', { name: file.name }));
    } catch (err) {
      say1(say('failed', { why: err instanceof Refused ? err.message : say('away') }));
    }
  };
  return (
    <Field {...props} hint={state ?? (value ? say('kept', { name: value.slice(0, 12) }) : (props.hint ?? ''))} check={() => lacking(value, props.required)}>
      {(at) => <input {...at} type="file" accept=".pdf,.png,.jpg,.jpeg,.xlsx,.eml,application/pdf,image/*" onChange={(e) => void choose(e.target.files?.[0])} />}
    </Field>
  );
}
