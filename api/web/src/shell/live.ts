import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { problemOf, Refused, type Freshness } from '@/api/client';
import { useBasis } from '@/kit/fresh';
import { count } from '@/kit/fen';
import { say } from './say';

// The page is live: every two seconds it asks how far the figures are, and asks
// the questions on the screen anew when the log has moved. What is behind or away
// is said; it is never shown as a zero.

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

export interface Said {
  says: string;
  tone: 'proved' | 'late' | 'wrong' | 'soft';
  title?: string;
  banner?: string;
}

const ago = (seconds: number) => (seconds < 100 ? say('freshNow', { s: seconds < 10 ? seconds.toFixed(1) : Math.round(seconds) }) : say('freshLong', { min: Math.round(seconds / 60) }));

export function useFreshness(): Said {
  const cache = useQueryClient();
  const basis = useBasis();
  const q = useQuery({ queryKey: ['ready'], queryFn: ({ signal }) => ready(signal), refetchInterval: 2000, staleTime: 0, retry: false });
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const t = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), 1000);
    return () => clearInterval(t);
  }, []);

  const position = q.data?.readModel?.position;
  const seen = useRef<number>(undefined);
  useEffect(() => {
    if (position === undefined) return;
    if (seen.current !== undefined && position > seen.current) {
      void cache.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'ready' && query.queryKey[0] !== 'openapi' });
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
  const old = age + (model.lagSeconds ?? 0);
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
  return { says: ago(old), tone: 'proved', title };
}
