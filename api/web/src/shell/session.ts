import { useSyncExternalStore } from 'react';
import type { components } from '@/api/schema';
import { sentences, tag } from '@/kit/words';

// Who is signed in. The session is a cookie that no script can read; this file is
// all that knows of it. What may be seen and done the server decides each time.

type Me = components['schemas']['Me'];

export interface Session extends Omit<Me, 'role' | 'grants'> {
  grants: NonNullable<Me['grants']>;
  /** The role to act in: the one chosen, or the first that is granted. */
  role: string;
  /** It ended while the page was open: what was typed is kept, and the page waits for a new sign-in. */
  over: boolean;
}

/** The one project that somebody's rights reach in the role in which they act; of any other reach there is none. */
export function onlyProject(s: Session | null | undefined): string | undefined {
  const own = s?.grants.filter((g) => g.role === s.role) ?? [];
  const wider = own.some((g) => g.all || g.regions?.length || g.cities?.length || g.centers?.length);
  const projects = new Set(own.flatMap((g) => g.projects ?? []));
  return !wider && projects.size === 1 ? [...projects][0] : undefined;
}

/** Roles of the department that have nothing to do with what centers owe. */
export const withoutMoney: readonly string[] = ['technician', 'city-tech-lead', 'project-leader', 'materials-planner', 'purchasing-admin'];

/** Whether a role is shown the accounts of centers: of one, of some or of all. */
export const seesAccounts = (role = ''): boolean => role !== '' && role !== 'administrator' && !withoutMoney.includes(role);

/** undefined while it is not known yet, null for nobody. */
let session: Session | null | undefined;
const kept = 'ledger.role';
/** Who sits here, by login: this tab's, whose typing it keeps; and the browser's, which tells its other tabs. */
const sitter = 'ledger.who';
/** Whose figures this document holds. */
let held = '';
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((l) => l());

/** Names the role to act in, for who holds several. */
export function credentials(headers: Headers): void {
  if (session && session.grants.length > 1) headers.set('Acting-As', session.role);
}

/** The server said that nobody is signed in any more. */
export function ended(): void {
  if (session && !session.over) {
    session = { ...session, over: true };
    tell();
  }
}

const headers = () => ({ 'Content-Type': 'application/json', 'Accept-Language': tag() });

/** Asks who is signed in. */
export async function identify(): Promise<void> {
  const got = await fetch('/v1/me', { headers: headers() }).catch(() => undefined);
  if (!got || got.status >= 500) {
    setTimeout(() => void identify(), 3000); // the server is starting, or away
    return;
  }
  const before = session;
  if (!got.ok) {
    session = null;
  } else {
    const me = (await got.json()) as Me;
    const grants = me.grants ?? [];
    const roles = grants.map((g) => g.role as string);
    const chosen = localStorage.getItem(kept) ?? '';
    session = { ...me, grants, role: me.role ?? (roles.includes(chosen) ? chosen : (roles[0] ?? '')), over: !!before?.over && !!me.step };
    // Somebody else has signed in, here or in another tab: nothing of the first person's stays, neither typed nor read.
    const other = (login: string | null) => !!login && login !== me.login;
    if (other(sessionStorage.getItem(sitter))) sessionStorage.clear();
    sessionStorage.setItem(sitter, me.login);
    localStorage.setItem(sitter, me.login);
    if (other(held)) {
      location.assign('/');
      return;
    }
    held = me.login;
  }
  tell();
}

/** What the server answers to a POST of the door, or why it does not, in its words. */
export async function post<T = unknown>(path: string, body?: object): Promise<[done: T | undefined, refused: string]> {
  const got = await fetch(path, { method: 'POST', headers: headers(), ...(body && { body: JSON.stringify(body) }) }).catch(() => undefined);
  const said: unknown = await got?.json().catch(() => undefined);
  if (got?.ok) return [(said ?? {}) as T, ''];
  const problem = said as { detail?: string; title?: string; violations?: { rule: string }[] } | undefined;
  return [undefined, sentences(problem?.violations?.map((v) => v.rule) ?? []) || problem?.detail || problem?.title || ''];
}

/** Asks to be let in: undefined if one is, else why not. */
export async function knock(path: string, body: object): Promise<string | undefined> {
  const [done, refused] = await post(path, body);
  if (!done) return refused;
  await identify();
  return undefined;
}

/** Opens the statement of a mailed link. The secret stands in no address from here on. */
export const openLink = (link: string) => post<components['schemas']['Opened']>('/v1/links', { link });
/** Has a code sent to whom the link is for. */
export const sendCode = () => post<components['schemas']['CodeSent']>('/v1/me/code', {});
export const proveByCode = (code: string) => knock('/v1/me/code/proof', { code });

export const signIn = (login: string, password: string) => knock('/v1/sign-in', { login, password });
export const takeUp = (invitation: string, password: string) => knock('/v1/invitation', { invitation, password });
export const changePassword = (present: string, next: string) => knock('/v1/me/password', { present, next });

export type SignInWays = components['schemas']['SignInWays'];

/** How to sign in here; undefined if the server does not say. */
export const signInWays = async (): Promise<SignInWays | undefined> => {
  const got = await fetch('/v1/sign-in', { headers: headers() }).catch(() => undefined);
  return got?.ok ? ((await got.json()) as SignInWays) : undefined;
};

/** Ends the session, and with it what was read and typed in this tab. Where the server does not answer one is in still, and stays so. */
export async function signOut(): Promise<void> {
  const got = await fetch('/v1/sign-out', { method: 'POST', headers: headers() }).catch(() => undefined);
  if (!got || got.status >= 500) return;
  const out = (await got.json().catch(() => undefined)) as components['schemas']['SignedOut'] | undefined;
  leave(out?.provider);
}

/** Nobody is signed in here any more, by their own will: the page begins anew. */
export function leave(to?: string | null): void {
  sessionStorage.clear();
  if (to) location.assign(to);
  else location.reload();
}

/** Acts in another role from now on; the page asks everything anew. */
export function actAs(role: string): void {
  localStorage.setItem(kept, role);
  location.reload();
}

globalThis.addEventListener?.('storage', (e) => {
  if (e.key === sitter && held && e.newValue && e.newValue !== held) void identify();
});

let asked = false;

export const useSession = (): Session | null | undefined =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      if (!asked) {
        asked = true;
        void identify();
      }
      return () => listeners.delete(l);
    },
    () => session,
  );
