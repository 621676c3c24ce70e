import { useSyncExternalStore } from 'react';
import { problemOf, Refused } from '@/api/client';
import { fen, sum, type Fen } from '@/kit/fen';
import type { Outcome } from '@/kit/Form';
import type { Read } from '@/kit/Headings';
import { tag } from '@/kit/words';
import { credentials } from '@/shell/session';

// A sitting before a bank's file: the file, what the server read and proposes, and
// what was done. It lasts as long as the tab; the server keeps nothing of it but
// what was booked, so that the same file can be read again at any time.

export type Proposal = Outcome<'/v1/imports/bank-statements'>;
export type Line = NonNullable<Proposal['lines']>[number];
export type Offer = NonNullable<Line['proposals']>[number];

/** How the file is to be read, beyond what is recognised by itself. */
export interface How extends Read {
  ownAccount?: string;
  sheet?: string;
  hidden?: boolean;
}

export interface Act {
  at: string;
  row: number;
  state: 'sent' | 'booked' | 'before' | 'bounced' | 'refused' | 'aside' | 'back';
  payer: string;
  amount: string;
  center?: string;
  charges?: string[];
  payment?: string;
  says?: string;
}

export interface Sitting {
  name: string;
  /** The file, in base64; empty where it is too large to be kept over a reload. */
  file: string;
  how: How;
  read: Proposal;
  /** The newest first. */
  acts: Act[];
}

const kept = 'ledger.bank';
const listeners = new Set<() => void>();
let bytes: Blob | undefined;
let sitting: Sitting | undefined = (() => {
  try {
    return JSON.parse(sessionStorage.getItem(kept) ?? 'null') as Sitting | undefined ?? undefined;
  } catch {
    return undefined;
  }
})();

function put(next: Sitting | undefined) {
  sitting = next;
  try {
    if (next) sessionStorage.setItem(kept, JSON.stringify(next));
    else sessionStorage.removeItem(kept);
  } catch {
    // Too large for the tab's store: it lasts until the page is loaded anew.
    sessionStorage.removeItem(kept);
  }
  listeners.forEach((l) => l());
}

export const useSitting = (): Sitting | undefined =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => sitting,
  );

/** Where the log stood after the last act: what is read again considers it. */
let reached = 0;
export const reach = (position: number): void => {
  reached = Math.max(reached, position);
};

async function ask(file: Blob, name: string, how: How): Promise<Proposal> {
  const params = new URLSearchParams({
    file: name,
    ...(how.columns && Object.keys(how.columns).length > 0 && { columns: JSON.stringify(how.columns) }),
    ...(how.layout && { layout: how.layout }),
    ...(how.ownAccount && { ownAccount: how.ownAccount }),
    ...(how.sheet && { sheet: how.sheet }),
    ...(how.hidden && { hidden: 'true' }),
    ...(reached > 0 && { after: String(reached) }),
  });
  const headers = new Headers({ 'Content-Type': 'application/octet-stream', 'Accept-Language': tag(), 'Idempotency-Key': crypto.randomUUID() });
  credentials(headers);
  let got: Response;
  try {
    got = await fetch(`/v1/imports/bank-statements?${params}`, { method: 'POST', headers, body: file });
  } catch {
    throw new Refused({ type: '', title: '', status: 0, detail: '' });
  }
  const body: unknown = await got.json().catch(() => undefined);
  if (!got.ok) throw new Refused(problemOf(body, got));
  return body as Proposal;
}

const largest = 1_500_000;

async function text(file: Blob): Promise<string> {
  if (file.size > largest) return '';
  const all = new Uint8Array(await file.arrayBuffer());
  let out = '';
  for (let at = 0; at < all.length; at += 8192) out += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(out);
}

/** Begins a sitting: nothing is booked. */
export async function open(file: File): Promise<void> {
  const read = await ask(file, file.name, {});
  bytes = file;
  put({ name: file.name, file: await text(file), how: {}, read, acts: [] });
}

/** Reads a file that could not be read as it is, or reads the file of the sitting again. */
export async function reread(how?: How, file?: File): Promise<void> {
  const from = file ?? bytes ?? (sitting?.file ? new Blob([Uint8Array.from(atob(sitting.file), (c) => c.charCodeAt(0))]) : undefined);
  if (!from) return;
  const name = file?.name ?? sitting?.name ?? '';
  const by = how ?? sitting?.how ?? {};
  const read = await ask(from, name, by);
  bytes = from;
  put({ name, file: file ? await text(file) : (sitting?.file ?? ''), how: by, read, acts: file ? [] : (sitting?.acts ?? []) });
}

export const canReread = (): boolean => Boolean(bytes ?? sitting?.file);
export const close = (): void => {
  bytes = undefined;
  put(undefined);
};

export function log(act: Act): void {
  if (sitting) put({ ...sitting, acts: [act, ...sitting.acts] });
}

/** Says what became of an act that was under way. */
export function became(row: number, change: Partial<Act>): void {
  if (!sitting) return;
  const at = sitting.acts.findIndex((a) => a.row === row && a.state === 'sent');
  if (at < 0) return;
  put({ ...sitting, acts: sitting.acts.map((a, i) => (i === at ? { ...a, ...change } : a)) });
}

/** Where a line stands: by the file, and by what was done to it since. */
export type Stand = 'open' | 'sent' | 'booked' | 'aside' | 'other';

export function standOf(line: Line, acts: readonly Act[]): Stand {
  const last = acts.find((a) => a.row === line.row);
  switch (last?.state) {
    case 'sent':
      return 'sent';
    case 'booked':
    case 'before':
    case 'bounced':
      return 'booked';
    case 'aside':
      return 'aside';
  }
  if (line.status === 'BOOKED') return 'booked';
  return line.status === 'NEW' || line.status === 'QUESTION' || (line.status === 'REVERSED' && line.payment) ? 'open' : 'other';
}

/** What agrees between a line and a proposal. */
export interface Agrees {
  number: boolean;
  name: boolean;
  amount: boolean;
}

const plain = (t: string | undefined) => (t ?? '').normalize('NFKC').replace(/\s/g, '');

export function agrees(line: Line, offer: Offer): Agrees {
  const paid = sum((offer.designation ?? []).map((d) => d.amount));
  return {
    number: (offer.names ?? []).length > 0,
    name: plain(line.payer) !== '' && plain(line.payer) === plain(offer.name),
    amount: paid > 0n && paid === fen(line.amount ?? '0'),
  };
}

/** Where an amount goes: charges that are named, what is due the longest, what is left over. */
export interface Goes {
  named: Fen;
  oldest: Fen;
  left: Fen;
}

export function goes(amount: Fen, named: Fen, owed: Fen): Goes {
  const rest = amount - named;
  const more = owed - named;
  const oldest = more <= 0n ? 0n : rest < more ? rest : more;
  return { named, oldest, left: rest - oldest };
}

/** The line after one, among those that are open; the first where it was the last. */
export function nextOpen(lines: readonly Line[], open: ReadonlySet<number>, after: number): Line | undefined {
  const at = lines.findIndex((l) => l.row === after);
  return lines.slice(at + 1).find((l) => open.has(l.row) && l.row !== after) ?? lines.find((l) => open.has(l.row) && l.row !== after);
}
