import { useState } from 'react';
import { columnTitle, nameOf } from '@/api/names';
import { Button, Money } from '@/kit/Basics';
import { count } from '@/kit/fen';
import { Headings } from '@/kit/Headings';
import { Facts, Panel, Sums } from '@/kit/Panel';
import { say } from './say';
import type { How, Sitting } from './sitting';

/** How the file was read: each column, each row that is no line, each total that was compared. */
export function Reading({ of: s, again, busy }: { of: Sitting; again: (how: How) => void; busy: boolean }) {
  const r = s.read;
  return (
    <div className="beside">
      <div className="stack">
        <Panel title={say('columns')} bare>
          <table className="table plain-table">
            <thead>
              <tr>
                <th scope="col">{say('column')}</th>
                <th scope="col">{say('heading')}</th>
                <th scope="col">{say('readAs')}</th>
              </tr>
            </thead>
            <tbody>
              {(r.columns ?? []).map((c) => (
                <tr key={c.column}>
                  <td className="tight">{c.column}</td>
                  <td translate="no">{c.heading}</td>
                  <td className={c.status === 'UNREAD' ? 'late' : c.status === 'READ' ? undefined : 'soft'}>
                    {c.status === 'READ' ? columnTitle(c) : [columnTitle(c), nameOf('names.ColumnStatus', c.status), c.beside].filter(Boolean).join(' · ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        <Panel title={say('passed')} note={r.passedOver?.length ? count(r.passedOver.length) : undefined} bare={Boolean(r.passedOver?.length)}>
          {r.passedOver?.length ? (
            <ul className="passed">
              {r.passedOver.map((p, i) => (
                <li key={i}>
                  <span className="soft nowrap">{p.place}</span>
                  <span>{nameOf('sheet.Why', p.why)}</span>
                  <span className="soft">{p.text}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="soft">{say('nothingPassed')}</p>
          )}
        </Panel>
      </div>
      <div className="side">
        <Panel title={say('compared')}>
          <Compared of={r} />
        </Panel>
        <Panel title={say('file')}>
          <Sums
            rows={[
              { label: say('credits', { n: count(r.credits.lines) }), value: <Money of={r.credits.amount} /> },
              { label: say('bookable', { n: count(r.bookable.lines) }), value: <Money of={r.bookable.amount} /> },
              ...(r.questions.lines ? [{ label: say('questions', { n: count(r.questions.lines) }), value: <Money of={r.questions.amount} />, tone: 'late' as const }] : []),
              { label: say('debits', { n: count(r.debits.lines) }), value: <Money of={r.debits.amount} /> },
            ]}
          />
          <hr className="rule" />
          <Facts of={[
            { name: say('format'), is: r.format },
            { name: say('layout'), is: r.layout },
            { name: say('ownAccount'), is: r.ownAccount },
            { name: say('sheet'), is: r.sheet },
          ]} />
          {(r.otherSheets ?? []).map((o) => (
            <p key={o.name}>
              {say('otherSheets', { name: o.name })} <Button kind="quiet" busy={busy} onClick={() => again({ ...s.how, sheet: o.name })}>{say('readSheet')}</Button>
            </p>
          ))}
          {Boolean(r.hiddenRows?.length) && (
            <p className="late">
              {say('hiddenRows', { n: count(r.hiddenRows?.length ?? 0) })} <Button kind="quiet" busy={busy} onClick={() => again({ ...s.how, hidden: true })}>{say('readHidden')}</Button>
            </p>
          )}
        </Panel>
        <Remedy how={s.how} headings={(r.columns ?? []).map((c) => c.heading)} again={again} busy={busy} />
      </div>
    </div>
  );
}

/** What the file says of itself, and whether it was found true. */
export function Compared({ of: r }: { of: Sitting['read'] }) {
  const checked = r.checked ?? [];
  const not = r.notCompared ?? [];
  if (!checked.length && !not.length) return <p className="soft">{say('noneCompared')}</p>;
  return (
    <ul>
      {checked.map((c, i) => (
        <li key={i} className="proved">✓ {c}</li>
      ))}
      {not.map((c, i) => (
        <li key={i} className="late">{c}</li>
      ))}
    </ul>
  );
}

/** Says what a heading means, or which account of ours the file is of; then it is read again. */
export function Remedy({ how, headings, again, busy }: { how: How; headings: string[]; again: (how: How) => void; busy: boolean }) {
  const [own, setOwn] = useState(how.ownAccount ?? '');
  return (
    <Headings
      kind="bank-statements"
      how={how}
      headings={headings}
      again={again}
      busy={busy}
      more={{
        given: () => (own.trim() ? { ownAccount: own.trim() } : {}),
        field: (
          <div className="field">
            <label htmlFor="bank-own">{say('ownAccount')}</label>
            <input id="bank-own" value={own} inputMode="numeric" autoComplete="off" onChange={(e) => setOwn(e.target.value)} />
          </div>
        ),
      }}
    />
  );
}
