// Whoever works by keys is somewhere on the page. What they stand on may go: the button
// of a row that is done, a row that another person took. They are then put where it
// stood, in its list if that is still there, and never back to the top of the page.

/** Keeps whoever works by keys in their place, until what is returned is called. */
export function keepFocus(): () => void {
  let on: Element | undefined;
  let around: HTMLElement[] = [];
  let later: ReturnType<typeof setTimeout> | undefined;
  const note = (e: FocusEvent) => {
    on = e.target as Element;
    if (on.closest('[role="dialog"], [role="alertdialog"]')) return; // what opened it is where one returns to
    around = [];
    for (let at = on.parentElement; at; at = at.parentElement) if (at.hasAttribute('tabindex')) around.push(at);
  };
  const lost = () => on && !on.isConnected && (document.activeElement ?? document.body) === document.body;
  const look = () => {
    if (later || !lost()) return;
    // A dialog that closes gives the focus back by itself, a moment later.
    later = setTimeout(() => {
      later = undefined;
      if (!lost()) return;
      on = undefined;
      (around.find((a) => a.isConnected && a.id !== 'content') ?? document.querySelector<HTMLElement>('h1'))?.focus({ preventScroll: true });
    }, 150);
  };
  const seen = new MutationObserver(look);
  document.addEventListener('focusin', note);
  seen.observe(document.body, { childList: true, subtree: true });
  return () => {
    clearTimeout(later);
    document.removeEventListener('focusin', note);
    seen.disconnect();
  };
}
