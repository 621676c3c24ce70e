import { Key } from '@/kit/Basics';
import { Dialog } from '@/kit/Dialog';
import { fill } from '@/kit/words';
import { pages } from './pages';
import { say } from './say';

/** Every key, and what it does. A second "?" closes it. */
export default function KeyList({ onClose }: { onClose: () => void }) {
  const rows: [keys: string[], what: string][] = [
    [['Ctrl K'], say('keyFind')],
    [['j', '↓'], say('keyNext')],
    [['k', '↑'], say('keyPrevious')],
    [['Enter'], say('keyOpen')],
    [['?'], say('keyHelp')],
    ...pages.flatMap((p): [string[], string][] => (p.nav?.key ? [[['g', p.nav.key], fill(p.nav.label)]] : [])),
  ];
  return (
    <Dialog title={say('keys')} open onClose={onClose} wide>
      <div className="keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <span>{what}</span>
            <span className="nowrap">
              {keys.map((k) => (
                <Key key={k}>{k}</Key>
              ))}
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
