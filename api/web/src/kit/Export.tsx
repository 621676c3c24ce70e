import { useContext, useState } from 'react';
import { problemOf, Refused } from '@/api/client';
import { credentials } from '@/shell/session';
import { cutQuery, useAddress } from './address';
import { Button } from './Basics';
import { csvOf, type SavedColumn } from './csv';
import { today } from './dates';
import { count } from './fen';
import { afterMine } from './fresh';
import { Read } from './reading';
import { say } from './say';
import type { Query, ViewPath } from './view';
import { tag } from './words';

/** A column of an export: the field of the answer's rows, "ageing.notDue", and its head. */
export interface ExportColumn {
  field: string;
  head: string;
}

interface ExportProps<P extends ViewPath> {
  view: P;
  query?: Query<P>;
  path?: Record<string, string>;
  /** What the file is called and says at its head. */
  title: string;
  columns: ExportColumn[];
}

/** What has not been read yet, or cannot be, is neither saved nor printed; the button keeps its place. */
const useNothingHere = () => {
  const reading = useContext(Read);
  return reading === 'unread' || reading === 'withheld';
};

/**
 * Downloads what a list shows: the same question at the same cut, answered by the
 * server as a file that says at its head what was asked, how many rows it has and
 * what they sum to.
 */
export function ExportButton<P extends ViewPath>({ view, query, path = {}, title, columns }: ExportProps<P>) {
  const { cut } = useAddress();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string>();
  const nothing = useNothingHere();
  const save = async () => {
    setBusy(true);
    setFailed(undefined);
    try {
      const params = new URLSearchParams();
      for (const [key, value] of Object.entries({ ...cutQuery(cut), ...afterMine(cut.knownAt), ...(query as object | undefined) })) if (key !== 'limit') params.set(key, String(value));
      const headers = new Headers({
        Accept: 'text/csv',
        'Accept-Language': tag(),
        'Export-Title': encodeURIComponent(title),
        'Export-Columns': columns.map((c) => `${c.field}=${encodeURIComponent(c.head)}`).join(';'),
      });
      credentials(headers);
      const got = await fetch(`${view.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))}?${params}`, { headers });
      if (!got.ok) throw new Refused(problemOf(await got.json().catch(() => undefined), got));
      download(await got.blob(), `${title} ${cut.asOf || today()}.csv`);
    } catch (err) {
      setFailed(err instanceof Refused && err.problem.status ? err.problem.detail || err.problem.title : say('unreachable'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button busy={busy} disabled={nothing} onClick={() => void save()}>{say('export')}</Button>
      {failed && <span className="wrong" role="alert">{failed}</span>}
    </>
  );
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves a list that the page made itself, of several answers or of a file: its rows as they stand. */
export function SaveButton<R>({ title, said = [], columns, rows }: { title: string; said?: string[]; columns: SavedColumn<R>[]; rows: readonly R[] }) {
  const { cut } = useAddress();
  const nothing = useNothingHere();
  // The mark at the beginning: a spreadsheet takes the file for UTF-8.
  const save = () => download(new Blob(['\uFEFF', csvOf([title, ...said], say('rowCount', { count: count(rows.length) }), columns, rows)], { type: 'text/csv;charset=utf-8' }), `${title} ${cut.asOf || today()}.csv`);
  return <Button disabled={nothing} onClick={save}>{say('export')}</Button>;
}

export const PrintButton = () => <Button disabled={useNothingHere()} onClick={() => print()}>{say('print')}</Button>;
