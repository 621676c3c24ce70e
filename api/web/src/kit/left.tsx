import { useSyncExternalStore } from 'react';
import type { Problem } from '@/api/client';
import { Button } from './Basics';
import { sentences, words } from './words';

// What became of acts whose form was closed, or whose page was left, before the server answered: whoever did not wait is
// told all the same, on whatever page they are by then.

const say = words({
  left: ['离开时还在提交的', 'Still being sent when you left'],
  recorded: ['{what}：已记录', '{what}: recorded'],
  refused: ['{what}：没有办成。{why}', '{what}: not done. {why}'],
  unknown: ['{what}：{why}', '{what}: {why}'],
  kept: ['填写的内容还在，打开原来的表单可以再提交。', 'What you entered is kept: open the form again to submit it.'],
  unreachable: ['服务器没有应答，不知道是否已记录；再提交一次不会重复。', 'The server did not answer, so it is not known whether this was recorded; submitting again records nothing twice.'],
  shut: ['知道了', 'Got it'],
});

export interface Left {
  /** What was pressed, as it was called. */
  what: string;
  problem: Problem | undefined;
  /** What was filled in is kept. */
  kept: boolean;
}

let all: readonly (Left & { key: number })[] = [];
let count = 0;
const listeners = new Set<() => void>();
const change = (next: typeof all) => {
  all = next;
  listeners.forEach((l) => l());
};

/** What is told of acts that nobody waited for, the latest last. */
export const leftSoFar = (): typeof all => all;

/** An act was answered that nobody waits for any more. */
export const tellOf = (left: Left): void => change([...all, { ...left, key: ++count }]);

/** How an answer that came too late for its form is put. */
export const putOf = ({ what, problem, kept }: Left): string =>
  !problem
    ? say('recorded', { what })
    : problem.status === 0
      ? say('unknown', { what, why: say('unreachable') + (kept ? say('kept') : '') })
      : say('refused', { what, why: `${sentences(problem.violations?.map((v) => v.rule) ?? []) || problem.detail} ${kept ? say('kept') : ''}`.trim() });

export function LeftActs() {
  const told = useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    leftSoFar,
  );
  return (
    <div className="left-acts" role="status" aria-label={told.length ? say('left') : undefined}>
      {told.map((t) => (
        <div key={t.key} className="notice" data-tone={t.problem ? 'bad' : 'good'}>
          <p>{putOf(t)}</p>
          <Button kind="quiet" onClick={() => change(all.filter((o) => o !== t))}>{say('shut')}</Button>
        </div>
      ))}
    </div>
  );
}
