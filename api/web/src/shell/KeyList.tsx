import { useEffect, useLayoutEffect, useState } from 'react';
import { Key } from '@/kit/Basics';
import { say } from './say';

interface Mark {
  keys: string[];
  left: number;
  top: number;
}

/** How high a key is drawn. */
const markHeight = 19;

/** How wide so many keys are, with what is between them and the end of their control. */
const markWidth = (keys: number) => keys * 20 + 4;

/** Where the controls are whose keys are named by data-keys, those that can be seen: each key is at the middle of its control, within its end. */
const marks = (): Mark[] =>
  [...document.querySelectorAll<HTMLElement>('[data-keys]')].flatMap((on) => {
    const at = on.getBoundingClientRect();
    if (!at.width || at.bottom < 0 || at.top > innerHeight) return [];
    const keys = (on.dataset.keys ?? '').split(' ');
    // A key that the control shows by itself is not laid over it; another one stands before it.
    const own = on.querySelector('.key');
    if (own?.textContent === on.dataset.keys) return [];
    const end = own?.getBoundingClientRect().left ?? at.right;
    return [{ keys, left: Math.max(at.left, end - markWidth(keys.length)), top: at.top + (at.height - markHeight) / 2 }];
  });

/** Every key, laid over the control that it presses; those without one stand below. A second "?" takes them away. */
export default function KeyList({ onClose }: { onClose: () => void }) {
  const [over, lay] = useState<Mark[]>([]);
  useLayoutEffect(() => {
    const look = () => lay(marks());
    look();
    addEventListener('resize', look);
    addEventListener('scroll', look, true);
    return () => {
      removeEventListener('resize', look);
      removeEventListener('scroll', look, true);
    };
  }, []);
  useEffect(() => {
    const since = performance.now();
    const down = (e: KeyboardEvent) => {
      // Every other key does what it says; the list has done its part. The key that
      // opened it may come by here, too.
      if (e.key !== 'Shift' && e.timeStamp > since) onClose();
    };
    addEventListener('keydown', down);
    return () => removeEventListener('keydown', down);
  }, [onClose]);
  const rows: [keys: string[], what: string][] = [
    [['j', '↓'], say('keyNext')],
    [['k', '↑'], say('keyPrevious')],
    [['Enter'], say('keyOpen')],
    [['Ctrl K', '/'], say('keyFind')],
    [['g'], say('keyJump')],
    [['?'], say('keyHelp')],
  ];
  return (
    <>
      {over.map((m, i) => (
        <span key={i} className="key-mark" aria-hidden="true" style={{ left: m.left, top: m.top }}>
          {m.keys.map((k) => <Key key={k}>{k}</Key>)}
        </span>
      ))}
      <section className="keys" aria-label={say('keys')}>
        {rows.map(([keys, what]) => (
          <span key={what} className="nowrap">
            {keys.map((k) => <Key key={k}>{k}</Key>)} {what}
          </span>
        ))}
        <button type="button" className="plain" onClick={onClose} aria-label={say('keysAway')}>✕</button>
      </section>
    </>
  );
}
