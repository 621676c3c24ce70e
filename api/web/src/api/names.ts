import { useMemo, useSyncExternalStore } from 'react';
import { language, useLanguage, within } from '@/kit/words';

// What the codes of the trade are called: the server's one table (domain/names),
// which papers and mails take their words from as well.

let table = new Map<string, string>();
let version = 0;
const listeners = new Set<() => void>();

/** Reads the table's lines: [package.Type], then code = name. */
export function parseNames(text: string): Map<string, string> {
  const all = new Map<string, string>();
  let enumeration = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    if (line.startsWith('[')) enumeration = line.slice(1, -1);
    const at = line.indexOf(' = ');
    if (at > 0) all.set(`${enumeration} ${line.slice(0, at)}`, line.slice(at + 3));
  }
  return all;
}

async function load(): Promise<void> {
  const got = await fetch('/names.txt');
  if (!got.ok) return;
  take(await got.text());
}

/** Takes the table in use. */
export function take(text: string): void {
  table = parseNames(text);
  named = new Map();
  for (const [key, name] of table) {
    const [, of = '', code = ''] = /^(\S+) (.*)$/.exec(key) ?? [];
    if (of.startsWith('wording.') || !code) continue;
    named.set(code, [...(named.get(code) ?? []), { of, name }]);
  }
  version++;
  listeners.forEach((l) => l());
}

let asked = false;

/** Changes when the names are here: whoever shows them is drawn again. */
export const useNames = (): number =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      if (!asked) {
        asked = true;
        load().catch(() => {
          asked = false;
        });
      }
      return () => listeners.delete(l);
    },
    () => version,
  );

/** What is made of words and codes, kept until what it is made of changes, or the language, or the names come. */
export function useSaid<T>(make: () => T, of: readonly unknown[]): T {
  const [spoken, known] = [useLanguage(), useNames()];
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the caller's, as the rule is told to check there
  return useMemo(make, [...of, spoken, known]);
}

export const namesVersion = (): number => version;

/** "regional-admin" and "PossibleDuplicate" as English people read them. */
export function humanised(code: string): string {
  const spaced = code.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').toLowerCase();
  return (spaced.charAt(0).toUpperCase() + spaced.slice(1)).replace(/^hq\b/i, 'HQ');
}

/** Fields whose names say nothing by themselves. */
const englishField: Record<string, string> = { on: 'date', by: 'done by', at: 'moment', of: 'part of' };

/** What a field of a record is called: "receivedOn" is 到账日期. */
export const fieldName = (field: string): string => (language() === 'en' ? (englishField[field] ?? within(humanised(field))) : (table.get(`wording.Record ${field}`) ?? table.get(`wording.Field ${field}`) ?? field));

/** What a column of a file is read as: the server calls it as the trade does, in Chinese. */
export const columnTitle = (of: { field?: string; title?: string }): string => (language() === 'en' && of.field ? humanised(of.field) : of.title || of.field || '');

/** Every meaning of a code: the enumeration, and what it is called there. */
let named = new Map<string, { of: string; name: string }[]>();

/** What only answers say, and no record. */
const ofAnswers = /^(names|parts|repairs|money|filings|notices|bankmatch|sheet|work)\./;

/**
 * What a code of a record is called where its type is not known: by the field that holds it and the stream that it lies in.
 * What is no code is itself.
 */
export function codeName(code: string, field = '', stream = ''): string {
  const all = named.get(code) ?? [];
  if (!all.length) return code;
  const last = (field.split('.').at(-1) ?? '').toLowerCase();
  const kind = stream.split('-')[0] ?? '';
  const room = kind === 'return' ? 'repair' : kind;
  let left = all;
  for (const keep of [(of: string) => !ofAnswers.test(of), (of: string) => of.toLowerCase().endsWith(`.${last}`), (of: string) => of.startsWith(`${room}.`)]) {
    const kept = left.filter((m) => keep(m.of));
    if (kept.length) left = kept;
  }
  const english = language() === 'en';
  return [...new Set(left.map((m) => (english ? inEnglish(m.of, code) : m.name)))].join(english ? ' / ' : '／');
}

/** What English people call a code that has no word in it, or whose words are not English as they stand. */
export const english: Record<string, string> = {
  'filing.Form F1': 'fault record',
  'filing.Form F3': 'charge list',
  'filing.Form F4': 'monthly report',
  'notice.PaperForm F1': 'fault record',
  'notice.PaperForm F2': 'process sheet',
  'notice.PaperForm F3': 'charge list',
  'notice.PaperForm F4': 'monthly report',
  'books.LedgerAccount 1002': 'Bank',
  'books.LedgerAccount 1122.1': 'Receivables, unconfirmed',
  'books.LedgerAccount 1122.2': 'Receivables, confirmed',
  'books.LedgerAccount 1122.9': 'Receivables, moved between centers',
  'books.LedgerAccount 1405': 'Spare parts',
  'books.LedgerAccount 1405.9': 'Spare parts in transit',
  'books.LedgerAccount 2202.1': 'Payables, purchases not invoiced',
  'books.LedgerAccount 2202.2': 'Payables, repairs',
  'books.LedgerAccount 2203': 'Received in advance',
  'books.LedgerAccount 2221': 'Output tax',
  'books.LedgerAccount 2221.9': 'Tax moved between centers',
  'books.LedgerAccount 6001': 'Revenue',
  'books.LedgerAccount 6001.9': 'Revenue credited',
  'books.LedgerAccount 6402': 'Cost of parts, not attributed',
  'books.LedgerAccount 6402.1': 'Cost of parts, warranty',
  'books.LedgerAccount 6402.2': 'Cost of parts, charged',
  'books.LedgerAccount 6402.3': 'Cost of repairs by makers',
  'books.LedgerAccount 6402.9': 'Cost of parts, units back from makers',
  'books.LedgerAccount 6403': 'Parts scrapped and missing',
  'books.LedgerAccount 6701': 'Credit losses written off',
  'books.LedgerAccount 6701.9': 'Written-off receivables recovered',
  'books.LedgerAccount 9000': 'Opening of the books',
  'books.LedgerAccount 9001': 'Written-off receivables (memo)',
  'books.LedgerAccount 9002': 'Written-off receivables, contra (memo)',
  'ticket.Verdict ': 'not verified',
  'account.DisputeEnd ': 'open',
  'money.PromiseStatus ': 'no promise',
  'account.StatementStatus ISSUED': 'Awaiting reply',
  'account.Way LINK': 'By mailed link',
  'account.Way CONSOLE': 'Signed in',
  'account.Way PAPER': 'On stamped paper',
  'account.Way NOT_RECORDED': 'Way not recorded',
  'account.Word AWAITS': 'To be confirmed',
  'bankmatch.Status NEW': 'To match',
  'bankmatch.Status QUESTION': 'Verify first',
  'bankmatch.Status NEITHER': 'Neither in nor out',
  'bankmatch.Status ZERO': 'Zero amount',
  'filings.FilingState DUE': 'Not due yet',
  ...Object.fromEntries(['finding.Class', 'match.Verdict'].flatMap((of) => [
    [`${of} ISSUE_NO_FAULT`, 'Issued, no fault'],
    [`${of} FAULT_NO_ISSUE`, 'Replaced, not issued'],
    [`${of} OVER_ISSUE`, 'Over-issued'],
    [`${of} SHORT_ISSUE`, 'Under-issued'],
    [`${of} DUPLICATE_ISSUE`, 'Issued twice'],
    [`${of} CUTOFF`, 'Cut-off'],
  ])),
  'finding.Class NO_FAULTY_RETURN': 'Old unit not handed in',
  'finding.Class AT_VENDOR_OVERDUE': 'Overdue at the maker',
  'finding.Class COUNT_SHORT': 'Count shortage',
  'finding.Class COUNT_OVER': 'Count overage',
  'money.OffListStatus PENDING': 'Awaiting approval',
  'names.ColumnStatus BESIDE': 'Another column was read',
  'names.ColumnStatus ASIDE': 'Not needed',
  'names.ColumnStatus UNREAD': 'Not read',
  'names.ColumnStatus SEARCHED': 'Searched for text only',
  'names.CorrectionKind WRITE_OFF': 'Write-off',
  'names.CorrectionStatus PENDING': 'Awaiting approval',
  'names.TicketStep ESCALATION_ESCALATED': 'Escalated',
  'names.TicketStep ESCALATION_OPINION': 'Opinion on the escalation',
  'names.TicketStep ESCALATION_FOLLOW_UP': 'Escalation followed up',
  'notices.NoticeStatus AWAITS_ADDRESS': 'Awaiting an address',
  'notices.NoticeStatus GIVEN_UP': 'Not sent',
  'notices.NoticeStatus ASKED_FOR': 'Resend requested',
  'parts.UnitPlace ON_SHELF': 'On the faulty shelf',
  'parts.UnitPlace REPLACED': 'Exchanged by the maker',
  'project.HandoverItem PERSON': 'Named person',
  'policy.Presence ELSEWHERE_CITY': 'Left, team in the city',
  'policy.Presence LEFT_CITY': 'Left the city',
  'repair.Result REPLACED': 'Exchanged',
  'repairs.RepairStatus REPLACED': 'Exchanged',
};

const inEnglish = (enumeration: string, code: string): string => english[`${enumeration} ${code}`] ?? (/[A-Za-z]{2}/.test(code) ? humanised(code) : code);

/** What a code is called, by its type: nameOf('domain.Role', 'finance'). A code without a name is itself. */
export function nameOf(enumeration: string, code: string | undefined): string {
  if (!code) return '';
  return language() === 'en' ? inEnglish(enumeration, code) : (table.get(`${enumeration} ${code}`) ?? code);
}
