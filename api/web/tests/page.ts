// What a page has and Node lacks, for tests of what needs no page.
const storage = (): Storage => {
  const all = new Map<string, string>();
  return {
    getItem: (k) => all.get(k) ?? null,
    setItem: (k, v) => void all.set(k, String(v)),
    removeItem: (k) => void all.delete(k),
    clear: () => all.clear(),
    key: (i) => [...all.keys()][i] ?? null,
    get length() {
      return all.size;
    },
  };
};
globalThis.sessionStorage ??= storage();
Object.defineProperty(globalThis, 'localStorage', { value: storage(), configurable: true });
Object.defineProperty(globalThis, 'sessionStorage', { value: storage(), configurable: true });
