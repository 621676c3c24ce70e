/**
 * What a person of an answer is called: by the name that the server knows of the login, else by the login, or by what was
 * written on a paper; nothing of nobody. The one place that chooses.
 */
export const personOf = <F extends string>(of: { readonly [P in F | `${F}Name`]?: string | undefined }, field: F): string =>
  of[`${field}Name`] || of[field] || '';
