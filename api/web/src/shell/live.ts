import { notifyManager, useQuery, useQueryClient, type Query } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { problemOf, Refused, type Freshness } from '@/api/client';
import { useBasis } from '@/kit/fresh';
import { count } from '@/kit/fen';
import { away as cannotBeRead } from '@/kit/reading';
import { say } from './say';

// The page is live: the server tells over one connection what happens, and the page
// asks the questions on the screen anew when the figures show it. While that
// connection is not there the page asks every two seconds how far the figures are,
// and says that it is connecting anew. What is behind or away is said; it is never
// shown as a zero.

interface Ready {
  readModel?: Freshness;
}

async function ready(signal: AbortSignal): Promise<Ready> {
  let got: Response;
  try {
    got = await fetch('/readyz', { signal });
  } catch {
    throw new Refused({ type: 'unreachable', title: '', status: 0, detail: '' });
  }
  const body = (await got.json().catch(() => undefined)) as Ready | undefined;
  if (!body) throw new Refused(problemOf(undefined, got));
  return body;
}

/** How far the read model is, as the shell was told last. */
export const useReadModel = (): Freshness | undefined => useQuery({ queryKey: ['ready'], queryFn: ({ signal }) => ready(signal), enabled: false }).data?.readModel;

/** The live feed; a page that nobody looks at gives its connection to others after a minute. */
function useFeed(heard: (position: number) => void): boolean {
  const [open, setOpen] = useState(false);
  const latest = useRef(heard);
  useEffect(() => {
    latest.current = heard;
  });
  useEffect(() => {
    let feed: EventSource | undefined;
    let later: ReturnType<typeof setTimeout> | undefined;
    const shut = () => {
      clearTimeout(later);
      feed?.close();
      feed = undefined;
      setOpen(false);
    };
    const told = (e: MessageEvent<string>) => {
      setOpen(true);
      const { position } = JSON.parse(e.data) as { position?: number };
      if (position !== undefined) latest.current(position);
    };
    const connect = () => {
      shut();
      feed = new EventSource('/v1/live');
      for (const kind of ['change', 'beat', 'reset']) feed.addEventListener(kind, told as (e: Event) => void);
      feed.onerror = () => {
        setOpen(false);
        // The browser comes back by itself where the line broke; not where it was refused.
        if (feed?.readyState === EventSource.CLOSED) later = setTimeout(connect, 5000);
      };
    };
    const look = () => {
      clearTimeout(later);
      if (document.visibilityState === 'visible') {
        if (!feed || feed.readyState === EventSource.CLOSED) connect();
      } else later = setTimeout(shut, 60_000);
    };
    connect();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      shut();
    };
  }, []);
  return open;
}

/** Questions that are no figures of a page. */
const others: readonly unknown[] = ['ready', 'openapi', 'sessions', 'passkeys', 'places'];

/** Questions that what happens has no part in. */
const once: readonly unknown[] = ['ready', 'openapi', 'places'];

/** What the page on the screen has of its figures: some, none yet, none since they were refused, or that they cannot be read. */
type OnScreen = 'some' | 'none' | 'refused' | 'away';

export function onScreen(asked: readonly Query[]): OnScreen {
  const figures = asked.filter((q) => !others.includes(q.queryKey[0]));
  if (figures.some((q) => cannotBeRead(q.state.error ?? q.state.fetchFailureReason))) return 'away';
  if (!figures.length || figures.some((q) => q.state.data !== undefined)) return 'some';
  return figures.every((q) => q.state.error) ? 'refused' : 'none';
}

function useOnScreen(): OnScreen {
  const questions = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    useCallback((changed) => questions.subscribe(notifyManager.batchCalls(changed)), [questions]),
    () => onScreen(questions.findAll({ type: 'active' })),
  );
}

export interface Said {
  /** Empty where there is nothing that could be new or old. */
  says: string;
  tone: 'proved' | 'late' | 'wrong' | 'soft';
  title?: string;
  banner?: string;
}

const ago = (seconds: number) =>
  seconds < 100 ? say('freshNow', { s: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) }) : seconds < 7200 ? say('freshLong', { min: Math.round(seconds / 60) }) : say('freshHours', { h: Math.round(seconds / 3600) });

export function useFreshness(): Said {
  const cache = useQueryClient();
  const basis = useBasis();
  const here = useOnScreen();
  const awaited = useRef(0);
  const tell = useRef<() => void>(undefined);
  const fed = useFeed((position) => {
    if (position <= awaited.current) return;
    awaited.current = position;
    tell.current?.();
  });
  const q = useQuery({
    queryKey: ['ready'],
    queryFn: ({ signal }) => ready(signal),
    // What was told of is in the figures a moment later: that moment is waited for.
    refetchInterval: (of) => ((of.state.data?.readModel?.position ?? awaited.current) < awaited.current ? 300 : fed ? 15_000 : 2000),
    staleTime: 0,
    retry: false,
  });
  useEffect(() => {
    tell.current = () => void q.refetch();
  });
  const [now, setNow] = useState(() => Date.now());
  // What is told at once has no age that grows; and a tick a second would begin a page
  // that takes longer to draw, on a slow machine, again and again.
  useEffect(() => {
    if (fed) return undefined;
    const t = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), 1000);
    return () => clearInterval(t);
  }, [fed]);

  const position = q.data?.readModel?.position;
  const seen = useRef<number>(undefined);
  useEffect(() => {
    if (position === undefined) return;
    if (seen.current !== undefined && position > seen.current) {
      void cache.invalidateQueries({ predicate: (query) => !once.includes(query.queryKey[0]) });
    }
    seen.current = position;
  }, [position, cache]);
  const away = q.isError;
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && !away) void cache.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
    wasAway.current = away;
  }, [away, cache]);

  const arrived = Math.max(q.dataUpdatedAt, basis?.arrived ?? 0);
  const model = q.data?.readModel ?? basis?.readModel;
  const age = Math.max(0, now - arrived) / 1000;
  if (away) return { says: ago(age), tone: 'wrong', banner: say('offline', { age: ago(age) }) };
  if (!model) return { says: '…', tone: 'soft' };
  // Over an open connection nothing newer is there than what was told of.
  const old = fed ? (model.lagSeconds ?? 0) : age + (model.lagSeconds ?? 0);
  const title = model.reason ?? '';
  switch (model.state) {
    case 'stopped':
    case 'retrying':
      return { says: ago(old), tone: 'wrong', title, banner: say('stopped', { position: count(model.position), reason: model.reason ?? '' }) };
    case 'rebuilding':
    case 'starting':
      return { says: ago(old), tone: 'late', title, banner: say('rebuilding') };
    case 'catching-up':
      return { says: ago(old), tone: 'late', title, banner: say('behind', { n: count(model.lagEvents) }) };
  }
  // The read model goes on; that the page does not have its figures is what its reader has to know.
  if (here === 'away') return { says: say('unread'), tone: 'wrong', title };
  if (here === 'none') return { says: '…', tone: 'soft', title };
  if (here === 'refused') return { says: '', tone: 'soft' };
  if (!fed) return { says: say('connecting', { age: ago(old) }), tone: 'late', title };
  return { says: say('live', { age: ago(old) }), tone: 'proved', title: say('liveTitle', { position: count(model.position) }) };
}
