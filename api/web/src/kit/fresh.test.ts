import { afterEach, expect, test, vi } from 'vitest';

/** The console as a tab that is opened by an address has it, beside what this browser keeps. */
async function opened(store: Map<string, string>) {
  vi.resetModules();
  vi.stubGlobal('localStorage', { getItem: (k: string) => store.get(k) ?? null, setItem: (k: string, v: string) => store.set(k, v) });
  return import('./fresh');
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what is opened by its address right after an act waits for that act', async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const store = new Map<string, string>();
  (await opened(store)).recorded({ position: 42 });
  expect((await opened(store)).afterMine(undefined)).toEqual({ after: 42 });
  expect((await opened(store)).afterMine('2025-12-31')).toEqual({});
  vi.setSystemTime(1_061_000);
  expect((await opened(store)).afterMine(undefined)).toEqual({});
});

test('a store that holds something else, or none, is no position', async () => {
  expect((await opened(new Map([['ledger.wrote', '{"a":1}']]))).afterMine(undefined)).toEqual({});
  expect((await opened(new Map([['ledger.wrote', 'x']]))).afterMine(undefined)).toEqual({});
  vi.resetModules();
  vi.stubGlobal('localStorage', undefined);
  const fresh = await import('./fresh');
  fresh.recorded({ position: 7 });
  expect(fresh.afterMine(undefined)).toEqual({ after: 7 });
});
