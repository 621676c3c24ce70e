import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useId, useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { answer, client, Refused, type Problem } from '@/api/client';
import { faultOf, useRules } from '@/api/rules';
import type { paths } from '@/api/schema';
import { backAt, useAddress } from './address';
import { Button, type Kind } from './Basics';
import { isDay, longDay, moment, now, readDay, readMoment } from './dates';
import { money, readAmount, type Misread } from './fen';
import { recorded } from './fresh';
import { tellOf } from './left';
import { Read } from './reading';
import { say } from './say';
import { Seen } from './States';

// The one form: labels, the server's refusal at its field in the server's words,
// one Idempotency-Key for what is filled in (a double click books once), and
// nothing typed is lost: a draft is kept until the server has recorded it. What it
// changes is the record that it stands on, as it was when typing began: If-Match.

/** Commands: every POST of the document. */
export type CommandPath = { [P in keyof paths]: paths[P] extends { post: object } ? P : never }[keyof paths];
type Operation<P extends CommandPath> = paths[P] extends { post: infer O } ? O : never;
export type Body<P extends CommandPath> = Operation<P> extends { requestBody: { content: { 'application/json': infer B } } } ? Omit<B, '$schema'> : undefined;
export type Outcome<P extends CommandPath> = Operation<P> extends { responses: infer R } ? { [S in keyof R]: S extends 200 | 201 ? (R[S] extends { content: { 'application/json': infer B } } ? B : undefined) : never }[keyof R] : never;
export type CommandParams<P extends CommandPath> = Operation<P> extends { parameters: { path: infer Q } } ? Q : undefined;

/** Keeps a text for this tab; one that is too large for its store lasts as long as the page. */
export function keep(name: string, text: string): void {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    sessionStorage.removeItem(name); // half of it, or what stood there before, would be another text
  }
}

/** A key that names what is sent: the same content keeps it, so that sending twice records once. */
export class Keyed {
  private content = '';
  private key = '';

  constructor(private readonly draft?: string) {
    const kept = draft && sessionStorage.getItem(`${draft}.key`);
    if (kept) [this.key = '', this.content = ''] = JSON.parse(kept) as string[];
  }

  of(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.content || !this.key) {
      this.content = text;
      this.key = crypto.randomUUID();
      if (this.draft) keep(`${this.draft}.key`, JSON.stringify([this.key, text]));
    }
    return this.key;
  }

  /** The command was recorded: the same content again is another command. */
  done(): void {
    this.content = this.key = '';
    if (this.draft) sessionStorage.removeItem(`${this.draft}.key`);
  }
}

/** Sends a command under a key; with the tag of what its sender saw it changes that, or nothing. */
export const send = async <P extends CommandPath>(path: P, params: CommandParams<P>, body: Body<P>, key: string, seen?: string): Promise<Outcome<P>> => {
  const out = await answer(
    (client.POST as (p: string, o: object) => Promise<{ data?: Outcome<P>; error?: unknown; response: Response }>)(path, {
      params: { path: params, header: { 'Idempotency-Key': key, ...(seen && { 'If-Match': seen }) } },
      body,
    }),
  );
  recorded(out);
  return out;
};

/**
 * One command of a page, by what it is called there: its state, its key, and the figures asked anew after it. Whoever leaves
 * it before the answer is told of that on the page where they are by then.
 */
export function useCommand<P extends CommandPath>(path: P, options: { what: string; draft?: string; onDone?: (out: Outcome<P>) => void }) {
  const { what, draft, onDone } = options;
  const keyed = useMemo(() => new Keyed(draft), [draft]);
  const cache = useQueryClient();
  const [looking, look] = useState(false);
  // Whether whoever sent it still looks at it: if not, they are told elsewhere what became of it.
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const under = useRef(false); // a second click in the same moment, before the button is drawn as busy
  const m = useMutation<Outcome<P>, Error, { params: CommandParams<P>; body: Body<P>; seen: string | undefined }>({
    mutationFn: ({ params, body, seen }) => send(path, params, body, keyed.of({ params, body }), seen),
    onSuccess: async (out) => {
      keyed.done();
      if (!here.current) tellOf({ what, problem: undefined, kept: false });
      onDone?.(out);
      await cache.invalidateQueries();
    },
    onError: (err) => {
      if (!here.current) tellOf({ what, problem: problemIn(err), kept: Boolean(draft) });
      if (!otherwise(err instanceof Refused ? err.problem : undefined)) return;
      look(true); // sent again at once it would rest on what was refused
      void cache.invalidateQueries().finally(() => look(false));
    },
    onSettled: () => {
      under.current = false;
    },
  });
  const { mutate } = m;
  const run = useCallback(
    (params: CommandParams<P>, body: Body<P>, seen?: string) => {
      if (under.current) return;
      under.current = true;
      mutate({ params, body, seen });
    },
    [mutate],
  );
  const problem = m.error ? problemIn(m.error) : undefined;
  return { run, busy: m.isPending || looking, problem, outcome: m.data, reset: m.reset };
}

const problemIn = (err: Error): Problem => (err instanceof Refused ? err.problem : { type: '', title: '', status: 500, detail: '' });

/** Things are otherwise than when this was filled in: it stays, and can be sent again when one has looked. */
const otherwise = (problem: Problem | undefined): boolean => problem?.status === 409 || problem?.status === 412;

/** What a refusal is headed with. Only a precondition that failed tells that somebody else was there first. */
function heading({ status }: Problem): string {
  switch (status) {
    case 0:
      return say('unreachable');
    case 401:
      return say('sessionOver');
    case 409:
      return say('notSo');
    case 412:
      return say('otherChange');
    default:
      return say('problems');
  }
}

/** What is said below it: the server's own words, but for what it could not say, or says to programs. */
function said({ status, detail }: Problem): string {
  switch (status) {
    case 0:
      return say('unsent');
    case 401:
      return say('sessionOverHelp');
    default:
      return detail;
  }
}

type Values = Record<string, string>;

export interface State {
  values: Values;
  set: (name: string, value: string) => void;
  /** What is wrong with a field: by the page's rules, then by the server's words. */
  fault: (name: string) => string | undefined;
  check: (name: string, fault: (() => string | undefined) | undefined) => void;
}

const Context = createContext<State | undefined>(undefined);

export function useForm(): State {
  const state = useContext(Context);
  if (!state) throw new Error('a field stands outside a form');
  return state;
}

/** What a refusal is about, as fields are named: a serial of several is of the field that lists them. */
const fieldOf = (v: { field: string }): string => v.field.replace(/^body\./, '').replace(/\[\d+\]$/, '');

/** Where a draft is kept: it is of the record that the address names, and of no other that bears the same number. */
export const draftName = (draft: string, params: unknown): string => ['ledger.draft', draft, ...(params && typeof params === 'object' ? Object.values(params).map(String) : [])].join('.');

export interface FormProps<P extends CommandPath> {
  /** The command that this form sends. */
  command: P;
  /** What its address names; of what is filled in, where the form asks for it. */
  params: CommandParams<P> | ((values: Values) => CommandParams<P>);
  /** The body of what is filled in; amounts and dates arrive as the server reads them. */
  body: (values: Values) => Body<P>;
  /** What is filled in at first. */
  start?: Values;
  /** Names what is typed, so that it is kept over a reload and a session's end; whose it is, what the address names says. */
  draft: string;
  submit: string;
  kind?: Kind;
  onDone?: (out: Outcome<P>) => void;
  onCancel?: () => void;
  children: ReactNode;
}

export function Form<P extends CommandPath>({ command, params, body, start = {}, draft, submit, kind = 'main', onDone, onCancel, children }: FormProps<P>) {
  const kept = draftName(draft, params);
  const [restored] = useState(() => sessionStorage.getItem(kept));
  const [filledIn, fillIn] = useState<Values | undefined>(() => (restored ? { ...start, ...(JSON.parse(restored) as Values) } : undefined));
  const begun = useRef(start);
  begun.current = start;
  // Until something is typed it begins with what is so by now: another minute, a day later, what has been read since.
  const values = filledIn ?? start;
  const [tried, setTried] = useState(false);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const checks = useRef(new Map<string, () => string | undefined>());
  const form = useRef<HTMLFormElement>(null);
  const rules = useRules(command);
  const shown = useContext(Seen);
  const seen = useRef<string>(undefined); // what was shown when typing began, since the last answer
  const { run, busy, problem, outcome } = useCommand(command, {
    what: submit,
    draft: kept,
    onDone: (out) => {
      sessionStorage.removeItem(kept);
      seen.current = undefined;
      // A form that stays where it is begins anew: what was recorded is not filled in for a second time.
      fillIn(undefined);
      setTouched(new Set());
      setTried(false);
      onDone?.(out);
    },
  });
  // What the server refused is shown until that field is changed.
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setChanged(new Set()), [problem]);
  useEffect(() => {
    if (otherwise(problem)) seen.current = undefined; // they were told, and the record is shown anew
  }, [problem]);
  useEffect(() => {
    if (!problem || changed.size > 0) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (wrong) wrong.focus();
    else form.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' }); // above what was filled in last
  }, [problem, changed]);

  const set = useCallback(
    (name: string, value: string) => {
      seen.current ??= shown;
      fillIn((old) => {
        const next = { ...(old ?? begun.current), [name]: value };
        keep(kept, JSON.stringify(next));
        return next;
      });
      setTouched((old) => new Set(old).add(name));
      setChanged((old) => new Set(old).add(name));
    },
    [kept, shown],
  );
  const check = useCallback((name: string, fault: (() => string | undefined) | undefined) => {
    if (fault) checks.current.set(name, fault);
    else checks.current.delete(name);
  }, []);
  const own = (name: string) => checks.current.get(name)?.() ?? faultOf(rules, name, values[name] ?? '');
  const refused = (name: string) => (changed.has(name) ? undefined : problem?.violations?.find((v) => fieldOf(v) === name)?.rule);
  const fault = (name: string) => ((tried || touched.has(name)) && own(name)) || refused(name);
  /** What was refused is no more what is filled in: it is judged anew when it is sent. */
  const past = !!problem?.violations?.length && problem.violations.every((v) => changed.has(fieldOf(v)));
  const unplaced = problem?.violations?.filter((v) => !problem.detail.includes(v.rule) && !form.current?.querySelector(`[name="${CSS.escape(fieldOf(v))}"]`));

  const submitted = (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    setTried(true);
    const wrong = [...checks.current.keys()].find((name) => own(name));
    if (wrong) {
      form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(wrong)}"]`)?.focus();
      return;
    }
    // A command of many records refuses the tag of one.
    run(typeof params === 'function' ? (params as (v: Values) => CommandParams<P>)(values) : params, body(values), rules?.ofOneRecord === false ? undefined : (seen.current ?? shown));
  };
  return (
    <Context.Provider value={{ values, set, fault, check }}>
      <form
        ref={form}
        className="form"
        noValidate
        onSubmit={submitted}
        onKeyDown={(e) => {
          // Enter that takes a candidate of an input method is not for the form.
          if (e.key === 'Enter' && (e.nativeEvent.isComposing || e.keyCode === 229)) e.preventDefault();
        }}
      >
        <ActsToday />
        {restored && !touched.size && <p className="soft">{say('draftKept')}</p>}
        {problem && !past && (
          <div className="notice" data-tone="bad" role="alert">
            <h3>{heading(problem)}</h3>
            <p>{said(problem)}</p>
            {unplaced?.map((v, i) => <p key={i}>{v.rule}</p>)}
            {otherwise(problem) && <p className="soft">{say('keptText')}</p>}
          </div>
        )}
        {children}
        <div className="form-end">
          <Button type="submit" kind={kind} busy={busy}>{busy ? say('sending') : submit}</Button>
          {onCancel && <Button onClick={onCancel}>{say('cancel')}</Button>}
          {outcome !== undefined && !touched.size && <span className="proved" role="status">{say('done')}</span>}
          <span className="soft what-is-starred">{say('starred')}</span>
        </div>
      </form>
    </Context.Provider>
  );
}

/** Whoever looks at an earlier day is told that what is done here is done now. */
export function ActsToday() {
  const back = backAt(useAddress().cut);
  // Whoever may not see the page does nothing on it.
  const refused = useContext(Read) === 'withheld';
  return back && !refused ? <p className="soft">{say('actsToday', { day: longDay(back) })}</p> : null;
}

export interface FieldProps {
  name: string;
  label: string;
  required?: boolean;
  hint?: string;
}

/** Label, control, and one line below that is always there: an error that appears moves nothing. */
export function Field({ name, label, required, hint, check, inline = false, children }: FieldProps & { check?: () => string | undefined; inline?: boolean; children: (at: { id: string; name: string; 'aria-required': true | undefined; 'aria-invalid': true | undefined; 'aria-describedby': string }) => ReactNode }) {
  const { fault, check: register } = useForm();
  const id = useId();
  const latest = useRef(check);
  latest.current = check;
  useEffect(() => {
    register(name, () => latest.current?.());
    return () => register(name, undefined);
  }, [name, register]);
  const wrong = fault(name);
  return (
    <div className={inline ? 'field inline' : 'field'} data-invalid={wrong ? '' : undefined} data-required={required ? '' : undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-required': required || undefined, 'aria-invalid': wrong ? true : undefined, 'aria-describedby': `${id}-below` })}
      <div className={wrong ? 'below error' : 'below'} id={`${id}-below`} aria-live="polite">{wrong ?? hint}</div>
    </div>
  );
}

export const lacking = (value: string | undefined, required: boolean | undefined) => (required && !value?.trim() ? say('required') : undefined);

/** What a field offers to be taken; another text is the server's to judge. */
export interface Offered {
  value: string;
  label: string;
}

export function TextField(props: FieldProps & { lines?: boolean; placeholder?: string; autoFocus?: boolean; offers?: readonly Offered[] }) {
  const { values, set } = useForm();
  const value = values[props.name] ?? '';
  const { offers } = props;
  return (
    <Field {...props} check={() => lacking(value, props.required)}>
      {(at) =>
        props.lines ? (
          <textarea {...at} value={value} placeholder={props.placeholder} autoFocus={props.autoFocus} onChange={(e) => set(props.name, e.target.value)} />
        ) : (
          <>
            <input {...at} value={value} placeholder={props.placeholder} autoComplete="off" autoFocus={props.autoFocus} list={offers && `${at.id}-offers`} onChange={(e) => set(props.name, e.target.value)} />
            {offers && <datalist id={`${at.id}-offers`}>{offers.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}</datalist>}
          </>
        )
      }
    </Field>
  );
}

const misread: Record<Misread, () => string> = {
  empty: () => say('required'),
  'not-an-amount': () => say('amountWrong'),
  'too-many-decimals': () => say('amountDecimals'),
  negative: () => say('amountNegative'),
  grouping: () => say('amountGrouping'),
};

/** An amount, typed as text: 1,234.50, ￥1234.5, １２３４.５. Below it stands what was read; nothing is rounded. */
export function MoneyField(props: FieldProps & { signed?: boolean }) {
  const { values, set } = useForm();
  const value = values[props.name] ?? '';
  const read = readAmount(value, props.signed);
  const wrong = 'wrong' in read ? (read.wrong === 'empty' && !props.required ? undefined : misread[read.wrong]()) : undefined;
  return (
    <Field {...props} hint={'amount' in read && value !== money(read.amount) ? say('amountRead', { amount: money(read.amount) }) : (props.hint ?? '')} check={() => wrong}>
      {(at) => <input {...at} className="money" inputMode="decimal" autoComplete="off" value={value} onChange={(e) => set(props.name, e.target.value)} />}
    </Field>
  );
}

/** The amount of a money field as the server reads it; empty where nothing is filled in. */
export const amountOf = (typed: string | undefined): string => {
  const read = readAmount(typed ?? '', true);
  return 'amount' in read ? read.amount : '';
};

/** A business date, typed or pasted in any of the usual ways. */
export function DayField(props: FieldProps) {
  const { values, set } = useForm();
  const value = values[props.name] ?? '';
  return (
    <Field {...props} check={() => lacking(value, props.required) ?? (value && !readDay(value) ? say('dateWrong') : undefined)}>
      {(at) => (
        <input
          {...at}
          value={value}
          placeholder={say('dayShape')}
          autoComplete="off"
          inputMode="numeric"
          onChange={(e) => set(props.name, e.target.value)}
          onBlur={() => {
            const day = readDay(value);
            if (day && !isDay(value)) set(props.name, day);
          }}
        />
      )}
    </Field>
  );
}

/** The date of a day field as the server reads it; empty where nothing is filled in. */
export const dayOfField = (typed: string | undefined): string => readDay(typed ?? '') ?? '';

/** A moment of Shanghai, typed or pasted in any of the usual ways. */
export function MomentField(props: FieldProps) {
  const { values, set } = useForm();
  const value = values[props.name] ?? '';
  const read = readMoment(value);
  const tidy = read && moment(read, !read.endsWith(':00+08:00'));
  return (
    <Field {...props} check={() => lacking(value, props.required) ?? (value && !read ? say('momentWrong') : undefined)}>
      {(at) => (
        <input
          {...at}
          value={value}
          placeholder={say('momentShape')}
          autoComplete="off"
          onChange={(e) => set(props.name, e.target.value)}
          onBlur={() => tidy && tidy !== value && set(props.name, tidy)}
        />
      )}
    </Field>
  );
}

/** The moment of a moment field as the server reads it; empty where nothing is filled in. */
export const momentOfField = (typed: string | undefined): string => readMoment(typed ?? '') ?? '';

/** This minute, as a moment field begins with it. */
export const thisMinute = (): string => moment(now());

/** Draws anew with every minute: a form that nobody has typed in begins at this one. */
export function useMinute(): void {
  const [, tick] = useState(thisMinute);
  useEffect(() => {
    const t = setInterval(() => tick(thisMinute()), 5_000);
    return () => clearInterval(t);
  }, []);
}

/** What is so, or is not: its value is 'true' or nothing. */
export function TickField({ name, label, hint }: Omit<FieldProps, 'required'>) {
  const { values, set } = useForm();
  return (
    <Field name={name} label={label} {...(hint && { hint })} inline>
      {(at) => <input {...at} type="checkbox" className="tick" checked={values[name] === 'true'} onChange={(e) => set(name, e.target.checked ? 'true' : '')} />}
    </Field>
  );
}

/** What a field lists, by commas, blanks or on lines. */
export const listOf = (typed: string | undefined): string[] => (typed ?? '').split(/[\s,，、;；]+/).filter(Boolean);

/** One of a few values. */
export function SelectField(props: FieldProps & { options: { value: string; label: string }[] }) {
  const { values, set } = useForm();
  const value = values[props.name] ?? '';
  return (
    <Field {...props} check={() => lacking(value, props.required)}>
      {(at) => (
        <select {...at} value={value} onChange={(e) => set(props.name, e.target.value)}>
          {!value && <option value="" />}
          {props.options.map((o) => (
            <option key={o.value} value={o.value}>{o.label}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
