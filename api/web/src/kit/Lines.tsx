import { Button } from './Basics';
import { amountOf, DayField, dayOfField, MoneyField, TextField, useForm, type Offered } from './Form';
import { quantityOf } from './fen';
import { say } from './say';

// The lines of a form, as its paper has them. Each cell is a field that is named as the
// server names it, lines[0].part, so that a refusal stands in its cell.

export interface LineColumn {
  name: string;
  label: string;
  /** An amount, a quantity, a business date or plain text. */
  kind?: 'money' | 'quantity' | 'day' | 'text';
  required?: boolean;
  /** What is offered for a text. */
  offers?: readonly Offered[];
  /** The next line begins with what stands in the last. */
  carried?: boolean;
  /** What is said below the cell of what is filled in in its line. */
  hint?: (line: Line) => string;
}

type Line = Record<string, string>;
const key = (name: string, i: number, column: string) => `${name}[${i}].${column}`;
/** How many lines there are: a mark for each, as every value of a form is text. */
const marks = (name: string) => `${name}.marks`;
const marked = (n: number) => '|'.repeat(n);

/** What a form's lines are filled in with at first. */
export const startLines = (name: string, lines: readonly Line[]): Line =>
  Object.fromEntries([[marks(name), marked(lines.length)], ...lines.flatMap((l, i) => Object.entries(l).map(([column, value]) => [key(name, i, column), value]))]) as Line;

/** The lines that were filled in, amounts as the server reads them; a line without anything is none. */
export function linesOf(values: Line, name: string, columns: readonly LineColumn[]): Line[] {
  const lines = Array.from({ length: (values[marks(name)] ?? '').length }, (_, i) => lineAt(values, name, i, columns));
  return lines.filter((l) => Object.values(l).some(Boolean));
}

/** One line, as it is filled in. */
const lineAt = (values: Line, name: string, i: number, columns: readonly LineColumn[]): Line =>
  Object.fromEntries(
    columns.map((c) => {
      const value = (values[key(name, i, c.name)] ?? '').trim();
      return [c.name, !value ? '' : c.kind === 'money' ? amountOf(value) : c.kind === 'quantity' ? quantityOf(value) : c.kind === 'day' ? dayOfField(value) || value : value];
    }),
  );

/** Lines that may be added and taken away, at least one. */
export function Lines({ name, columns, most }: { name: string; columns: readonly LineColumn[]; most: number }) {
  const { values, set } = useForm();
  const n = (values[marks(name)] ?? '').length;
  const takeAway = (gone: number) => {
    for (let i = gone; i < n - 1; i++) for (const c of columns) set(key(name, i, c.name), values[key(name, i + 1, c.name)] ?? '');
    for (const c of columns) set(key(name, n - 1, c.name), '');
    set(marks(name), marked(n - 1));
  };
  const add = () => {
    for (const c of columns) if (c.carried) set(key(name, n, c.name), values[key(name, n - 1, c.name)] ?? '');
    set(marks(name), marked(n + 1));
  };
  return (
    <div className="lines">
      {Array.from({ length: n }, (_, i) => (
        <fieldset key={i} className="line">
          <legend>{say('lineNumber', { n: i + 1 })}</legend>
          <div className="field-row">
            {columns.map((c) => {
              const cell = { name: key(name, i, c.name), label: c.label, required: c.required ?? false, hint: c.hint?.(lineAt(values, name, i, columns)) ?? '' };
              return c.kind === 'money' ? <MoneyField key={c.name} {...cell} /> : c.kind === 'day' ? <DayField key={c.name} {...cell} /> : <TextField key={c.name} {...cell} {...(c.offers && { offers: c.offers })} />;
            })}
          </div>
          {n > 1 && (
            <Button kind="quiet" onClick={() => takeAway(i)} aria-label={say('lineAway', { n: i + 1 })}>
              ✕
            </Button>
          )}
        </fieldset>
      ))}
      {n < most && <Button kind="quiet" onClick={add}>{say('lineMore')}</Button>}
    </div>
  );
}
