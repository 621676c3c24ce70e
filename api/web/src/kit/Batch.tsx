import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState, type ReactNode } from 'react';
import { Refused, type Problem } from '@/api/client';
import { Button } from './Basics';
import { count } from './fen';
import { Panel } from './Panel';
import { sentences, words } from './words';

// Many commands in one act: each has its own key and its own outcome. A refusal
// stops no other, and what was refused can be sent again under the same key.

const say = words({
  progress: ['{done} / {all}', '{done} of {all}'],
  refused: ['{n} 项没有办成', '{n} not done'],
  allDone: ['全部办成', 'all done'],
  again: ['重办没有办成的 {n} 项', 'Retry the {n}'],
  going: ['正在办理', 'In progress'],
  waits: ['等待', 'waiting'],
  unreachable: ['服务器没有应答；可以再办一次，不会重复', 'The server did not answer; it is safe to try again'],
  put: ['收起', 'Close'],
});

/** One command of a batch. */
export interface Item {
  id: string;
  label: ReactNode;
  /** Sends it under the key; returns what is to be said of its success. */
  send: (key: string) => Promise<ReactNode>;
}

interface Line extends Item {
  key: string;
  state: 'waits' | 'sent' | 'done' | 'refused';
  said?: ReactNode;
}

/** How many commands are under way at once. */
const abreast = 4;

export function useBatch() {
  const [title, setTitle] = useState('');
  const [lines, setLines] = useState<Line[]>([]);
  const busy = useRef(false);
  const [going, setGoing] = useState(false);
  const cache = useQueryClient();

  const play = useCallback(
    async (todo: Line[]) => {
      busy.current = true;
      setGoing(true);
      const set = (id: string, change: Partial<Line>) => setLines((old) => old.map((l) => (l.id === id ? { ...l, ...change } : l)));
      const queue = [...todo];
      const hand = async () => {
        for (let line = queue.shift(); line; line = queue.shift()) {
          set(line.id, { state: 'sent', said: undefined });
          try {
            set(line.id, { state: 'done', said: await line.send(line.key) });
          } catch (err) {
            const problem: Problem | undefined = err instanceof Refused ? err.problem : undefined;
            set(line.id, { state: 'refused', said: problem && problem.status !== 0 ? sentences(problem.violations?.map((v) => v.rule) ?? []) || problem.detail : say('unreachable') });
          }
        }
      };
      await Promise.all(Array.from({ length: abreast }, hand));
      busy.current = false;
      setGoing(false);
      await cache.invalidateQueries();
    },
    [cache],
  );

  const start = useCallback(
    (title: string, items: Item[]) => {
      if (busy.current || !items.length) return;
      const fresh = items.map((i): Line => ({ ...i, key: crypto.randomUUID(), state: 'waits' }));
      setTitle(title);
      setLines(fresh);
      void play(fresh);
    },
    [play],
  );
  const again = useCallback(() => {
    if (!busy.current) void play(lines.filter((l) => l.state === 'refused'));
  }, [lines, play]);
  return { title, lines, going, start, again, clear: () => !busy.current && setLines([]) };
}

const sign = { waits: '·', sent: '…', done: '✓', refused: '✕' } as const;

/** What a batch did, a row per item, while it goes and after. */
export function BatchPanel({ of }: { of: ReturnType<typeof useBatch> }) {
  if (!of.lines.length) return null;
  const ended = of.lines.filter((l) => l.state === 'done' || l.state === 'refused').length;
  const refused = of.lines.filter((l) => l.state === 'refused').length;
  const note = of.going ? `${say('going')} ${say('progress', { done: count(ended), all: count(of.lines.length) })}` : refused ? say('refused', { n: count(refused) }) : say('allDone');
  return (
    <Panel
      title={of.title}
      note={<span role="status">{note}</span>}
      bare
      foot={
        !of.going && (
          <>
            {refused > 0 && <Button onClick={of.again}>{say('again', { n: count(refused) })}</Button>}
            <Button kind="quiet" onClick={of.clear}>{say('put')}</Button>
          </>
        )
      }
    >
      {of.going && <progress className="progress" value={ended} max={of.lines.length} aria-label={of.title} />}
      <ol className="batch">
        {of.lines.map((l) => (
          <li key={l.id} data-state={l.state}>
            <span className={l.state === 'done' ? 'proved' : l.state === 'refused' ? 'wrong' : 'soft'}>{sign[l.state]}</span>
            <span>{l.label}</span>
            <span>{l.said ?? (l.state === 'waits' ? say('waits') : '')}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
