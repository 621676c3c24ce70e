import { fen, yuan } from './fen';

/** A column of a file of rows: its head, and what a row has in it; amounts, in yuan, are summed. */
export interface SavedColumn<R> {
  head: string;
  of: (row: R) => string | undefined;
  amount?: boolean;
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** A spreadsheet takes what begins like a formula for one. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** Rows as a file of comma separated values: what they are, how many, what they sum to, then each, as the server writes its exports. */
export function csvOf<R>(said: readonly string[], counted: string, columns: readonly SavedColumn<R>[], rows: readonly R[]): string {
  const sums = columns.map((c) => (c.amount ? yuan(rows.reduce((t, r) => t + fen(c.of(r) || '0'), 0n)) : ''));
  return [
    ...said.map((s) => [harmless(s)]),
    [counted, ...sums.slice(1)],
    columns.map((c) => c.head),
    ...rows.map((r) => columns.map((c) => { const text = c.of(r) ?? ''; return c.amount ? text : harmless(text); })),
  ]
    .map((line) => line.map(cell).join(','))
    .join('\r\n') + '\r\n';
}
