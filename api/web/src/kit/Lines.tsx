import { Button } from './Basics';
import { amountOf, MoneyField, TextField, useForm } from './Form';
import { quantityOf } from './fen';
import { say } from './say';

// The lines of a form, as its paper has them. Each cell is a field that is named as the
// server names it, lines[0].part, so that a refusal stands in its cell.

export interface LineColumn {
  name: string;
  label: string;
  /** An amount, a quantity or plain text. */
  kind?: 'money' | 'quantity' | 'text';
  required?: boolean;
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
  const lines = Array.from({ length: (values[marks(name)] ?? '').length }, (_, i) =>
    Object.fromEntries(
      columns.map((c) => {
        const value = (values[key(name, i, c.name)] ?? '').trim();
        return [c.name, c.kind === 'money' && value ? amountOf(value) : c.kind === 'quantity' ? quantityOf(value) : value];
      }),
    ),
  );
  return lines.filter((l) => Object.values(l).some(Boolean));
}

/** Lines that may be added and taken away, at least one. */
export function Lines({ name, columns, most }: { name: string; columns: readonly LineColumn[]; most: number }) {
  const { values, set } = useForm();
  const n = (values[marks(name)] ?? '').length;
  const takeAway = (gone: number) => {
    for (let i = gone; i < n - 1; i++) for (const c of columns) set(key(name, i, c.name), values[key(name, i + 1, c.name)] ?? '');
    for (const c of columns) set(key(name, n - 1, c.name), '');
    set(marks(name), marked(n - 1));
  };
  return (
    <div className="lines">
      {Array.from({ length: n }, (_, i) => (
        <fieldset key={i} className="line">
          <legend>{say('lineNumber', { n: i + 1 })}</legend>
          <div className="field-row">
            {columns.map((c) =>
              c.kind === 'money' ? (
                <MoneyField key={c.name} name={key(name, i, c.name)} label={c.label} required={c.required ?? false} />
              ) : (
                <TextField key={c.name} name={key(name, i, c.name)} label={c.label} required={c.required ?? false} />
              ),
            )}
          </div>
          {n > 1 && (
            <Button kind="quiet" onClick={() => takeAway(i)} aria-label={say('lineAway', { n: i + 1 })}>
              ✕
            </Button>
          )}
        </fieldset>
      ))}
      {n < most && <Button kind="quiet" onClick={() => set(marks(name), marked(n + 1))}>{say('lineMore')}</Button>}
    </div>
  );
}
