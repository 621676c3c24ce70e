import { useSyncExternalStore } from 'react';

// Who is signed in. Until the door hands out cookies a bearer token is kept for
// the browser tab; this file is all that knows of it.

const kept = 'ledger.token';
const listeners = new Set<() => void>();

export interface Session {
  login: string;
  role: string;
  /** It ended while the page was open: what was typed is kept, and the page waits for a new sign-in. */
  over: boolean;
}

let token = sessionStorage.getItem(kept) ?? '';
let session = read(token);

function read(token: string): Session | undefined {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)))) as Record<string, string>;
    return claims.sub && claims.role ? { login: claims.sub, role: claims.role, over: false } : undefined;
  } catch {
    return undefined;
  }
}

const tell = () => listeners.forEach((l) => l());

/** Adds what lets a request in. */
export function credentials(headers: Headers): void {
  if (token) headers.set('Authorization', `Bearer ${token}`);
}

/** The server said that nobody is signed in any more. */
export function ended(): void {
  if (session && !session.over) {
    session = { ...session, over: true };
    tell();
  }
}

/** Signs in with a token; false where it is none. */
export function signIn(given: string): boolean {
  const next = read(given.trim());
  if (!next) return false;
  token = given.trim();
  session = next;
  sessionStorage.setItem(kept, token);
  tell();
  return true;
}

export function signOut(): void {
  token = '';
  session = undefined;
  sessionStorage.removeItem(kept);
  tell();
}

export const useSession = (): Session | undefined =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => session,
  );
