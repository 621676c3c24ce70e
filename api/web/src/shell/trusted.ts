// The page makes no markup from strings. One library clears its live region by
// assigning the empty string: that, and only that, is let through. Loaded first.
interface Policies {
  createPolicy: (name: string, rules: { createHTML: (text: string) => string }) => unknown;
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy('default', {
  createHTML: (text) => {
    if (text !== '') throw new TypeError('markup from a string');
    return text;
  },
});
