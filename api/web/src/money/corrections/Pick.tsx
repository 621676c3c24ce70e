import { useEffect, useId, useState } from 'react';
import { Button, Money } from '@/kit/Basics';
import { money } from '@/kit/fen';
import { Answered } from '@/kit/States';
import { useView } from '@/kit/view';
import { say } from './say';

export interface Picked {
  center: string;
  charge: string;
  open: string;
}

/** Finds a charge by its number, room, owner or service; one of what was found is taken. */
export function Pick({ center, onPick }: { center: string; onPick: (of: Picked) => void }) {
  const [typed, type] = useState('');
  const [text, settle] = useState('');
  const id = useId();
  useEffect(() => {
    const t = setTimeout(() => settle(typed.trim()), 150);
    return () => clearTimeout(t);
  }, [typed]);
  const enough = [...text].length >= 2;
  const q = useView('/v1/search', { query: { text }, when: enough });
  const hits = (q.data?.rows ?? []).filter((f) => f.kind === 'CHARGE' && f.center && (!center || f.center === center));
  const [taken, take] = useState<{ center: string; charge: string }>();
  // What is open of it is asked for before it is taken: it is the amount that is proposed.
  const one = useView('/v1/centers/{center}/charges/{charge}', { path: taken ?? { center: '', charge: '' }, when: taken !== undefined });
  const charge = one.data?.charge;
  useEffect(() => {
    if (taken && charge && charge.charge === taken.charge && !one.isPlaceholderData) onPick({ ...taken, open: charge.open ?? '' });
  }, [taken, charge, one.isPlaceholderData, onPick]);
  return (
    <div className="field">
      <label htmlFor={id}>{say('pick')}</label>
      <input id={id} value={typed} autoComplete="off" autoFocus placeholder={say('pickHint')} onChange={(e) => type(e.target.value)} />
      {enough && (
        <Answered of={q} rows={3}>
          {() =>
            hits.length === 0 ? (
              <p className="soft" role="status">{say('pickNone')}</p>
            ) : (
              <ul className="cases" aria-label={say('pick')}>
                {hits.map((f) => (
                  <li key={`${f.center} ${f.id}`}>
                    <button type="button" className="case" aria-busy={taken?.charge === f.id || undefined} onClick={() => take({ center: f.center ?? '', charge: f.id })}>
                      <span className="link">{f.id}</span>
                      <span>{[f.title, f.detail, !center && f.center].filter(Boolean).join(' · ')}</span>
                      <span className="soft">{f.on}</span>
                      <Owes center={f.center ?? ''} charge={f.id} />
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
      )}
    </div>
  );
}

/** What a charge comes to and what is open of it: two of one room on one day may differ in nothing else. */
function Owes({ center, charge }: { center: string; charge: string }) {
  const c = useView('/v1/centers/{center}/charges/{charge}', { path: { center, charge } }).data?.charge;
  return <span className="soft nowrap">{c && say('pickOwes', { gross: money(c.gross), open: money(c.open ?? '0') })}</span>;
}

/** The charge that was taken, and the way to another. */
export const PickedCharge = ({ of, again }: { of: Picked; again: () => void }) => (
  <p>
    {of.center} {of.charge} · {say('open')} <Money of={of.open} zero /> <Button kind="quiet" onClick={again}>{say('pickAgain')}</Button>
  </p>
);
