import { useSyncExternalStore } from 'react';

// Every text of the console stands once, in both languages, beside the pages that
// say it: Chinese first, as everywhere. A {hole} is filled by the caller; both
// languages have the same ones, which the types ask for and words.test.ts checks.

export type Language = 'zh' | 'en';
export type Pair = readonly [zh: string, en: string];

type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Filled<P extends Pair> = [Holes<P[0]>] extends [never] ? [] : [holes: Record<Holes<P[0]>, string | number>];

const remembered = 'ledger.language';
const listeners = new Set<() => void>();

function first(): Language {
  const kept = globalThis.localStorage?.getItem(remembered);
  if (kept === 'zh' || kept === 'en') return kept;
  return 'zh';
}

let now: Language = first();

/** The language that texts are said in. */
export const language = (): Language => now;

/** The language tag of the page and of requests. */
export const tag = (): string => (now === 'zh' ? 'zh-CN' : 'en-US');

export function speak(next: Language): void {
  now = next;
  globalThis.localStorage?.setItem(remembered, next);
  for (const l of listeners) l();
}

/** The language, for whoever must be drawn again when it changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    language,
    language,
  );

/** One text with its holes filled: `{n} {n|line|lines}` is 1 line, and 2 lines. */
export function fill(pair: Pair, holes?: Record<string, string | number>): string {
  const text = now === 'zh' ? pair[0] : pair[1];
  if (!holes) return text;
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (all, name: string, one?: string, many?: string) => {
    const of = holes[name];
    if (of === undefined) return all;
    return one === undefined || many === undefined ? String(of) : String(of) === '1' ? one : many;
  });
}

/** What stands between several things that are counted up. */
export const listed = (all: readonly string[]): string => all.join(now === 'zh' ? '、' : ', ');

/** What stands between two parts of a sentence. */
export const clauses = (...all: (string | undefined)[]): string => all.filter(Boolean).join(now === 'zh' ? '，' : ', ');

/** What stands between sentences that are said in one breath, such as the rules that a request broke. */
export const sentences = (all: readonly string[]): string => all.join(now === 'zh' ? '；' : '; ');

/** What something is about, and what there is to say of it. */
export const headed = (head: string, rest: string): string => [head, rest].filter(Boolean).join(now === 'zh' ? '：' : ': ');

/** One sentence after another. */
export const saidOn = (...all: string[]): string => all.filter(Boolean).join(now === 'zh' ? '' : ' ');

/** A name within a sentence: in English it begins small, unless it is an abbreviation. */
export const within = (name: string): string => (now === 'en' && /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name);

/** The words of one place: `say('title')`, `say('owes', { sum })`. */
export function words<const T extends Record<string, Pair>>(table: T) {
  const say = <K extends keyof T & string>(key: K, ...holes: Filled<T[K]>): string =>
    fill(table[key] as Pair, holes[0] as Record<string, string | number> | undefined);
  say.table = table as Record<string, Pair>;
  say.has = (key: string): key is keyof T & string => Object.hasOwn(table, key);
  return say;
}
