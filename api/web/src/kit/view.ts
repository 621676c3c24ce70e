import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { answer, client, Refused, seenIn, type Freshness } from '@/api/client';
import type { paths } from '@/api/schema';
import { cutQuery, useAddress, type Cut } from './address';
import { afterMine, report, useBeforeMine } from './fresh';
import { away } from './reading';

/** Views that can be asked: every GET of the document that answers JSON. */
export type ViewPath = { [P in keyof paths]: paths[P] extends { get: { responses: { 200: { content: { 'application/json': unknown } } } } } ? P : never }[keyof paths];

type Got<P extends ViewPath> = paths[P] extends { get: infer O } ? O : never;
export type Answer<P extends ViewPath> = Got<P> extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : never;
type Params<P extends ViewPath, Where extends string> = Got<P> extends { parameters: infer All }
  ? All extends { [W in Where]?: infer Q }
    ? Q
    : never
  : never;
export type Query<P extends ViewPath> = NonNullable<Params<P, 'query'>>;
export type PathOf<P extends ViewPath> = Params<P, 'path'>;

export interface Asked<P extends ViewPath> {
  query?: Query<P>;
  path?: PathOf<P>;
  /** Not asked while false. */
  when?: boolean;
  /** Ask without the cut of the address. */
  uncut?: boolean;
  /** Ask at another cut than that of the address. */
  at?: Cut;
  /** Of a list: ask for its windows one after the other until all are here, as what counts or sums its rows must. */
  whole?: boolean;
  /** Lists in the question are said one by one, as the document has it of a few. */
  explode?: boolean;
}

/** Asks one view at a cut. */
export const ask = async <P extends ViewPath>(path: P, asked: Asked<P>, cut: ReturnType<typeof cutQuery>, signal: AbortSignal) => (await look(path, asked, cut, signal)).data;

/** Asks one view, and which revision of a record its answer shows. */
async function look<P extends ViewPath>(path: P, asked: Asked<P>, cut: ReturnType<typeof cutQuery>, signal: AbortSignal) {
  // The path is one variable here, so that the parameters are checked by Asked and not once more.
  const got = (client.GET as (p: string, o: object) => Promise<{ data?: Answer<P>; error?: unknown; response: Response }>)(path, {
    params: { query: { ...(asked.uncut ? {} : cut), ...afterMine(asked.uncut ? undefined : cut.knownAt), ...(asked.query as object | undefined) }, path: asked.path },
    ...(asked.explode && { querySerializer: { array: { style: 'form', explode: true } } }),
    signal,
  });
  return { data: await answer(got), seen: seenIn((await got).response) };
}

const patience = (failures: number, err: Error) => err instanceof Refused && (err.problem.status === 0 || err.problem.status === 503) && failures < 3;


interface Tried {
  data: unknown;
  error: Error | null;
  failureReason: Error | null;
  isPlaceholderData: boolean;
}

/** Why a question has no answer: from its first failure on, and while it is asked again, until it is answered. */
function useWhyNot(q: Tried, key: readonly unknown[]): Error | null {
  const last = useRef<{ key: string; why: Error }>(undefined);
  const here = JSON.stringify(key);
  const answered = q.data !== undefined && !q.isPlaceholderData;
  const why = q.error ?? (answered ? null : q.failureReason);
  if (why) last.current = { key: here, why };
  else if (answered) last.current = undefined;
  return why ?? (last.current?.key === here ? last.current.why : null);
}

/** What cannot be read just now is asked for again, and goes on being asked for, as its page promises. */
export const tries = {
  retry: patience,
  refetchInterval: (of: { state: { error: Error | null } }) => (away(of.state.error) ? 5_000 : (false as const)),
};

/** One view, at the cut of the address. The figures on the screen stay until the next ones are here. */
export function useView<P extends ViewPath>(path: P, asked: Asked<P> = {}) {
  const { cut } = useAddress();
  const at = cutQuery(asked.at ?? cut);
  const beforeMine = useBeforeMine();
  const key = [path, asked.path ?? null, asked.query ?? null, asked.uncut ? null : at];
  const q = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => look(path, asked, at, signal),
    placeholderData: keepPreviousData,
    ...tries,
    ...(asked.when === undefined ? {} : { enabled: asked.when }),
  });
  const { refetch } = q;
  const error = useWhyNot(q, key);
  const data = q.data?.data;
  useReport(asked.at ? undefined : data);
  return { data, seen: q.data?.seen, error, refetch, isPlaceholderData: q.isPlaceholderData || beforeMine(data, asked.uncut ? undefined : at.knownAt) };
}

/** The rows of a list, window by window of 200. */
export function useRows<P extends ViewPath>(path: P, asked: Asked<P> = {}) {
  const { cut } = useAddress();
  const at = cutQuery(asked.at ?? cut);
  const beforeMine = useBeforeMine();
  const key = [path, 'rows', asked.path ?? null, asked.query ?? null, asked.uncut ? null : at];
  const q = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      ask(path, { ...asked, query: { ...(asked.query as object | undefined), limit: 200, ...(pageParam ? { cursor: pageParam } : {}) } as Query<P> }, at, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last as { next?: string }).next || undefined,
    placeholderData: keepPreviousData,
    ...tries,
    ...(asked.when === undefined ? {} : { enabled: asked.when }),
  });
  const error = useWhyNot(q, key);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = q;
  const further = Boolean(asked.whole) && hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (further) void fetchNextPage();
  }, [further, fetchNextPage]);
  const first = q.data?.pages[0];
  useReport(asked.at ? undefined : first);
  const pages = q.data?.pages;
  const rows = useMemo(() => (pages ?? []).flatMap((p) => ((p as { rows?: RowOf<P>[] | null }).rows ?? []) as RowOf<P>[]), [pages]);
  return {
    rows,
    /** The first window's answer: its sums and count are of all that match. */
    first,
    /** For Answered. */
    of: { data: first, error, isPlaceholderData: q.isPlaceholderData || beforeMine(first, asked.uncut ? undefined : at.knownAt), refetch: q.refetch },
    /** For Table. */
    more: { has: q.hasNextPage, busy: q.isFetchingNextPage, ask: q.fetchNextPage as () => void },
  };
}

/** A row of a list. */
export type RowOf<P extends ViewPath> = Answer<P> extends { rows?: (infer R)[] | null } ? R : never;

function useReport(data: unknown) {
  useEffect(() => {
    if (data && typeof data === 'object' && 'readModel' in data) report(data as { asOf: string; knownAt: string; readModel: Freshness });
  }, [data]);
}
