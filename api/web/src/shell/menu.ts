import { useSyncExternalStore } from 'react';

// Whether the navigation is open on a phone.
let open = false;
const listeners = new Set<() => void>();
const set = (next: boolean) => {
  open = next;
  listeners.forEach((l) => l());
};

export const useMenu = () => ({
  open: useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => open,
  ),
  toggle: () => set(!open),
  close: () => set(false),
});
