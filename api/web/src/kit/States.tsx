import { createContext, useContext, type ReactNode } from 'react';
import { Refused, type Problem } from '@/api/client';
import { useSession } from '@/shell/session';
import { address, useAddress } from './address';
import { Button, GoButton } from './Basics';
import { beforeTheBooks, forbidden, mayChange, Read } from './reading';
import { Numbers, inPlace } from './numbers';
import { say } from './say';

/** Where rows will stand. */
export const Waiting = ({ rows = 8 }: { rows?: number }) => (
  <div className="waiting" role="status" aria-label={say('waiting')}>
    {Array.from({ length: rows }, (_, i) => (
      <i key={i} />
    ))}
  </div>
);

export function State({ title, children, actions, tone }: { title: ReactNode; children?: ReactNode; actions?: ReactNode; tone?: 'bad' }) {
  return (
    <section className="state" role={tone === 'bad' ? 'alert' : 'status'}>
      <h2>{title}</h2>
      {children}
      {actions && <div className="acts">{actions}</div>}
    </section>
  );
}

export const Empty = ({ children }: { children?: ReactNode }) => (
  <State title={say('empty')}>
    <p>{children ?? say('emptyHelp')}</p>
  </State>
);

const told = (p: Problem): [title: string, help: string] => {
  switch (true) {
    case p.status === 0:
      return [say('unreachable'), say('unreachableHelp')];
    case p.status === 401:
      return [say('sessionOver'), say('sessionOverHelp')];
    case p.type.endsWith(':before-the-books'):
      return [say('notBegun'), p.detail];
    case p.status === 403:
      return [say('noPermission'), p.detail || say('noPermissionHelp')];
    case p.status === 404:
      return [say('notFound'), p.detail || say('notFoundHelp')];
    case p.status === 503 && p.type.endsWith('read-model-rebuilding'):
      return [say('rebuilding'), say('awayHelp')];
    case p.status === 503:
      // A detail that says once more what the title says tells nobody that the page goes on by itself.
      return [say('away'), p.detail.startsWith(say('away')) ? say('awayHelp') : p.detail || say('awayHelp')];
    case p.status >= 500:
      return [say('failed'), say('failedHelp')];
  }
  return [p.title, p.detail];
};

/** Where to go from a page that has nothing for who asks, or nothing yet on the day that was asked for. */
function WayOn({ from }: { from: Error | null }) {
  const { path, search } = useAddress();
  const wholePage = useContext(Read) === 'withheld';
  const byLink = Boolean(useSession()?.statement); // who came by a link has this one page
  if (!wholePage) return null;
  if (beforeTheBooks(from)) return <GoButton to={address(path, { ...Object.fromEntries(search), asOf: '', knownAt: '' })}>{say('backToToday')}</GoButton>;
  return forbidden(from) && !byLink && path !== '/' ? <GoButton to="/">{say('home')}</GoButton> : null;
}

/** Why there is nothing to see, in words that say what to do. */
export function Failure({ of, again }: { of: Error | null | undefined; again?: (() => void) | undefined }) {
  const problem: Problem = of instanceof Refused ? of.problem : { type: '', title: '', status: 500, detail: '' };
  const { path, to } = useAddress();
  const [title, help] = told(problem);
  const offered = (number: string) => {
    const there = problem.status === 404 ? inPlace(path, number) : undefined;
    return there && to(there);
  };
  const actions = again && mayChange(of ?? null) ? <Button onClick={again}>{say('retry')}</Button> : <WayOn from={of ?? null} />;
  return (
    <State title={title} tone="bad" actions={actions}>
      <p><Numbers in={help} to={offered} /></p>
      {problem.violations?.filter((v) => !help.includes(v.rule)).map((v, i) => (
        <p key={i}>
          <Numbers in={v.rule} to={offered} />
          {v.clause && ` (${v.clause})`}
        </p>
      ))}
    </State>
  );
}

/** The tag of the record that is shown: what stands in it changes that record as it was seen, or not at all. */
export const Seen = createContext<string | undefined>(undefined);

/** A question: what useView returns, and the `of` of useRows. */
interface Asked<T> {
  data: T | undefined;
  seen?: string | undefined;
  error: Error | null;
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

/**
 * What a question's answer looks like: waiting, refused, or there. Figures of
 * another cut stay until the next are here, and are pale until then.
 */
export function Answered<T>({ of, rows, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.error) return <Failure of={of.error} again={() => void of.refetch()} />;
  if (of.data === undefined) return <Waiting rows={rows ?? 8} />;
  return (
    <div className={of.isPlaceholderData ? 'stale' : undefined} aria-busy={of.isPlaceholderData || undefined}>
      <Seen.Provider value={of.seen}>{children(of.data)}</Seen.Provider>
    </div>
  );
}
