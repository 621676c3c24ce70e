import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { dayOf, endOf, isDay, today } from './dates';

// The address is the only state of filters, sorting, cut and what is opened: a
// copied address shows the same figures to whoever may see them.

/** The cut: as of which business date, as known at which moment; empty is now. */
export interface Cut {
  asOf: string;
  knownAt: string;
  /** What the address says that is no date: it is asked all the same, for the server to refuse; nothing else is shown in its place. */
  wrong?: { asOf?: string; knownAt?: string };
}

/** Parameters that every page carries on. */
const carried = ['asOf', 'knownAt'] as const;

export const cutOf = (search: URLSearchParams): Cut => {
  const asOf = search.get('asOf') ?? '';
  const knownAt = search.get('knownAt') ?? '';
  return cutAt(asOf, knownAt);
};

/** The cut of two parameters of an address. */
export function cutAt(asOf: string, knownAt: string): Cut {
  const date = !asOf || isDay(asOf);
  const moment = !knownAt || isDay(knownAt) || (!/^\d{4}-\d\d-\d\d$/.test(knownAt) && !Number.isNaN(Date.parse(knownAt)));
  return {
    asOf: date ? asOf : '',
    knownAt: moment ? knownAt : '',
    ...(!(date && moment) && { wrong: { ...(!date && { asOf }), ...(!moment && { knownAt }) } }),
  };
}

/** The cut as a request carries it: a day of knowledge lasts to its end. */
export function cutQuery(cut: Cut): { asOf?: string; knownAt?: string } {
  return {
    ...cut.wrong,
    ...(cut.asOf && { asOf: cut.asOf }),
    ...(cut.knownAt && { knownAt: isDay(cut.knownAt) ? endOf(cut.knownAt) : cut.knownAt }),
  };
}

/** An address of this console with parameters; those that are empty are left out. */
export function address(path: string, params: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value) search.set(key, value);
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export interface Address {
  path: string;
  search: URLSearchParams;
  cut: Cut;
  /** A parameter; empty where it is absent. */
  get: (name: string) => string;
  /** Sets parameters in place; an empty one is taken away. */
  set: (params: Record<string, string>, replace?: boolean) => void;
  /** An address that carries the cut on, with parameters of its own. */
  to: (path: string, params?: Record<string, string | undefined>) => string;
}

export function useAddress(): Address {
  const [path, navigate] = useLocation();
  const raw = useSearch();
  const search = useMemo(() => new URLSearchParams(raw), [raw]);
  const set = useCallback(
    (params: Record<string, string>, replace = false) => {
      // Read anew: two changes in one moment must not undo each other.
      const next = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(params)) {
        if (value) next.set(key, value);
        else next.delete(key);
      }
      const text = next.toString();
      navigate(text ? `${location.pathname}?${text}` : location.pathname, { replace });
    },
    [navigate],
  );
  const to = useCallback(
    (path: string, params: Record<string, string | undefined> = {}) => {
      const kept: Record<string, string | undefined> = {};
      for (const name of carried) kept[name] = search.get(name) ?? undefined;
      return address(path, { ...kept, ...params });
    },
    [search],
  );
  return useMemo(
    () => ({ path, search, cut: cutOf(search), get: (name) => search.get(name) ?? '', set, to }),
    [path, search, set, to],
  );
}

/** The day at which a page looks back: what is of a later one was not there. Undefined where it looks at what is so now. */
export function backAt(cut: Cut): string | undefined {
  const known = cut.knownAt && dayOf(cut.knownAt);
  const day = cut.asOf && known ? (cut.asOf < known ? cut.asOf : known) : cut.asOf || known;
  return day && day < today() ? day : undefined;
}

/** The date that figures are as of: that of the address, or today. */
export const asOfDay = (cut: Cut): string => cut.asOf || today();
