import { useEffect, useLayoutEffect, useRef } from 'react';

// Keys of a page. They are left alone in fields, while an input method composes,
// and while something lies over the page.

export type Keys = Record<string, (e: KeyboardEvent) => void>;

const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

/** Whether a key is a page's to act on. */
export function mine(e: KeyboardEvent): boolean {
  if (e.defaultPrevented || e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey || e.altKey) return false;
  if (inField(e.target)) return false;
  if (document.querySelector('[role="dialog"]')) return false;
  // A control under the focus keeps the keys that press it.
  const on = e.target instanceof HTMLElement ? e.target.closest('button, a, summary, [role="button"]') : null;
  return !(on && (e.key === 'Enter' || e.key === ' '));
}

/** Set while the second key of a jump is awaited, so that it is taken for nothing else. */
export const jumping = { now: false };

/** Binds keys while the component stands: `{ v: verify }`. Letters are those of the key, in either case. */
export function useKeys(keys: Keys | undefined | false): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (!latest.current || jumping.now || !mine(e)) return;
      const act = latest.current[e.key] ?? latest.current[e.key.toLowerCase()];
      if (!act) return;
      e.preventDefault();
      act(e);
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, []);
}
