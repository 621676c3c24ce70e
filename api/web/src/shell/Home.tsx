import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, Redirect, useLocation } from 'wouter';
import { asOfDay, cutQuery, useAddress } from '@/kit/address';
import { Key, Money } from '@/kit/Basics';
import { dayOf, daysBetween } from '@/kit/dates';
import { count, fen, type Fen } from '@/kit/fen';
import { useKeys, type Keys } from '@/kit/keys';
import { Page } from '@/kit/Page';
import { Failure, State, Waiting } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { ask, tries } from '@/kit/view';
import { fill } from '@/kit/words';
import { pages } from './pages';
import { say } from './say';
import { useSession } from './session';
import { sources, type Source } from './waiting';

interface Line {
  of: Source;
  n: number;
  /** The server has more than it was asked for. */
  more: boolean;
  fresh: number;
  weeks: number;
  old: number;
  oldest: number;
  sum: Fen | undefined;
  /** Where the oldest of them stands. */
  at: Record<string, string>;
  key: string;
}

function lineOf(of: Source, rows: Record<string, unknown>[], more: boolean, on: string): Omit<Line, 'key'> {
  const waiting = of.when ? rows.filter(of.when) : rows;
  const ages = waiting.map((r) => {
    const since = r[of.since];
    return typeof since === 'string' && since ? daysBetween(dayOf(since), on) : 0;
  });
  return {
    of,
    n: waiting.length,
    more,
    fresh: ages.filter((a) => a <= 7).length,
    weeks: ages.filter((a) => a > 7 && a <= 30).length,
    old: ages.filter((a) => a > 30).length,
    oldest: Math.max(0, ...ages),
    at: of.opens?.(waiting[ages.indexOf(Math.max(...ages))] ?? {}) ?? {},
    sum: of.amount ? waiting.reduce((t, r) => (typeof r[of.amount ?? ''] === 'string' ? t + fen(r[of.amount ?? ''] as string) : t), 0n) : undefined,
  };
}

/** Whether there is a page where it is done. */
const done = (l: { of: Source }) => pages.some((p) => p.path === l.of.to);

/** What waits for me, from the lists that exist: counted by age, one key from being done. */
export default function Home() {
  const role = useSession()?.role ?? '';
  const { to } = useAddress();
  if (role.startsWith('center-')) return <Redirect to={to('/my/statement')} replace />;
  return <Waits />;
}

function Waits() {
  const session = useSession();
  const { cut, to } = useAddress();
  const [, navigate] = useLocation();
  const mine = useMemo(() => sources.filter((s) => s.roles.includes(session?.role ?? '')), [session?.role]);
  const at = cutQuery(cut);
  const answers = useQueries({
    queries: mine.map((s) => ({
      queryKey: [s.view, 'waiting', s.key, at],
      ...tries,
      queryFn: ({ signal }: { signal: AbortSignal }) => ask(s.view, { query: s.query } as never, at, signal) as Promise<{ rows?: Record<string, unknown>[] | null; next?: string }>,
    })),
  });
  const lines = mine
    .flatMap((of, i) => {
      const data = answers[i]?.data;
      return data ? [lineOf(of, data.rows ?? [], Boolean(data.next), asOfDay(cut))] : [];
    })
    .filter((l) => l.n > 0)
    .sort((a, b) => b.old - a.old || b.oldest - a.oldest)
    .map((l, _, all): Line => {
      const at = all.filter(done).indexOf(l);
      return { ...l, key: at >= 0 && at < 9 ? String(at + 1) : '' };
    });
  const there = (l: Line) => to(l.of.to, { ...l.of.params, ...l.at });
  const keys: Keys = {};
  for (const l of lines) if (l.key && done(l)) keys[l.key] = () => navigate(there(l));
  useKeys(keys);
  // What was not read is said: it is not that nothing waits there.
  const failed = answers.find((a) => a.error ?? a.failureReason);
  const columns: Column<Line>[] = [
    { key: 'key', head: '', kind: 'tight', cell: (l) => l.key && done(l) && <Key>{l.key}</Key>, offCards: true },
    { key: 'what', head: say('what'), cell: (l) => (done(l) ? <Link href={there(l)}>{fill(l.of.what)}</Link> : fill(l.of.what)) },
    { key: 'n', head: say('howMany'), kind: 'quantity', cell: (l) => <b>{l.more ? `${count(l.n)}+` : count(l.n)}</b> },
    { key: 'fresh', head: say('upTo7'), kind: 'quantity', value: (l) => String(l.fresh) },
    { key: 'weeks', head: say('upTo30'), kind: 'quantity', value: (l) => String(l.weeks) },
    { key: 'old', head: say('over30'), kind: 'quantity', cell: (l) => (l.old ? <span className="late">{count(l.old)}</span> : <Money of={0n} />) },
    { key: 'oldest', head: say('oldest'), kind: 'quantity', cell: (l) => say('days', { n: count(l.oldest) }), wide: true },
    { key: 'sum', head: say('amount'), kind: 'money', cell: (l) => l.sum !== undefined && <Money of={l.sum} /> },
  ];
  const waiting = answers.some((a) => a.isPending);
  const total = lines.reduce((t, l) => t + l.n, 0);
  return (
    <Page of={answers} title={say('homeTitle')} finding={total > 0 && say('homeFinding', { n: count(total), old: count(lines.reduce((t, l) => t + l.old, 0)) })} help={say('homeHelp')}>
      {failed && <Failure of={failed.error ?? failed.failureReason} again={() => answers.forEach((a) => void (a.error && a.refetch()))} />}
      {lines.length ? (
        <>
          <Table label={say('homeTitle')} columns={columns} rows={lines} id={(l) => l.of.key} open={there} basis />
          {waiting && !failed && <Waiting rows={1} />}
        </>
      ) : failed ? null : waiting ? (
        <Waiting rows={6} />
      ) : (
        <State title={say('nothingWaits')}>
          <p>{say('nothingWaitsHelp')}</p>
        </State>
      )}
    </Page>
  );
}
