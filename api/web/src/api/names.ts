import { useSyncExternalStore } from 'react';
import { language } from '@/kit/words';

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
  table = parseNames(await got.text());
  plain = new Map();
  for (const [key, name] of table) {
    const at = key.indexOf(' ');
    const code = key.slice(at + 1);
    if (key.startsWith('wording.')) continue;
    plain.set(code, plain.has(code) && plain.get(code) !== name ? undefined : name);
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

export const namesVersion = (): number => version;

/** "regional-admin" and "PossibleDuplicate" as English people read them. */
export function humanised(code: string): string {
  const spaced = code.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** What a field of a record is called: "receivedOn" is 到账日期. */
export const fieldName = (field: string): string => (language() === 'en' ? humanised(field).toLowerCase() : (table.get(`wording.Record ${field}`) ?? table.get(`wording.Field ${field}`) ?? field));

/** The codes that mean one thing wherever they stand. */
let plain = new Map<string, string | undefined>();

/** What a code of a record is called where its type is not known; what is no code, or means this here and that there, is itself. */
export const codeName = (code: string): string => (language() === 'en' ? code : (plain.get(code) ?? code));

/** What a code is called, by its type: nameOf('domain.Role', 'finance'). A code without a name is itself. */
export function nameOf(enumeration: string, code: string | undefined): string {
  if (!code) return '';
  // A code without a word, such as an account's number, says nothing to English people either.
  if (language() === 'en' && /[A-Za-z]{2}/.test(code)) return humanised(code);
  return table.get(`${enumeration} ${code}`) ?? code;
}
