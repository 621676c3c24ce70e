import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { seesAccounts, useSession } from '@/shell/session';
import { ask, type ViewPath, type Answer } from './view';

// What centers and projects are called, for pages whose answers have their codes alone.

interface Center {
  name: string;
  region: string;
}

export interface Places {
  /** A center by its name; by its code as long as that is all that is known. */
  center: (code: string) => string;
  /** A project by its name, or its code. */
  project: (code: string) => string;
  /** The region of a center, where it is known. */
  region: (center: string) => string | undefined;
}

/** A code with the name that belongs to it. */
export const called = (code: string, name: string): string => (name && name !== code ? `${code} ${name}` : code);

/** Of all, whatever the day of the page: a name is none of its figures. */
const all = { limit: 1000 };

/** Asked once; what comes to be called otherwise is so on the next opening. */
function useAll<P extends ViewPath>(path: P, may: boolean): Answer<P> | undefined {
  return useQuery({
    queryKey: ['places', path],
    queryFn: ({ signal }) => ask(path, { query: all as never, uncut: true }, {}, signal),
    staleTime: Infinity,
    enabled: may,
  }).data;
}

export function usePlaces(): Places {
  const session = useSession();
  const projects = useAll('/v1/projects', Boolean(session))?.rows;
  const owed = useAll('/v1/receivables', seesAccounts(session?.role))?.rows;
  return useMemo(() => {
    const centers = new Map<string, Center>((owed ?? []).map((c) => [c.center ?? '', { name: c.name ?? '', region: c.region ?? '' }]));
    const names = new Map((projects ?? []).map((p) => [p.project, p.name]));
    return {
      center: (code) => centers.get(code)?.name || code,
      project: (code) => names.get(code) || code,
      region: (center) => centers.get(center)?.region || undefined,
    };
  }, [projects, owed]);
}
