import { Fragment, useMemo } from 'react';
import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Button, Chips, Proof } from '@/kit/Basics';
import { count, fen, isZero, money } from '@/kit/fen';
import { Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Answered, Empty } from '@/kit/States';
import { Timeline, type Step } from '@/kit/Timeline';
import { useRows, type RowOf } from '@/kit/view';
import { paperOf } from '../collection/papers';
import { say } from './say';

type Row = RowOf<'/v1/centers/{center}/account'>;

/** A center's account as one time line: statements, charges, money, corrections, disputes, words and promises. */
export function Life({ center, closing }: { center: string; closing: string }) {
  const { get, set, to } = useAddress();
  const moved = get('moved') === '1';
  const q = useRows('/v1/centers/{center}/account', { path: { center }, query: { ...(moved && { moved: true }) } });
  const years = useMemo(() => {
    const by = new Map<string, Row[]>();
    for (const r of q.rows) {
      const year = r.on.slice(0, 4);
      const own = by.get(year);
      if (own) own.push(r);
      else by.set(year, [r]);
    }
    return [...by];
  }, [q.rows]);
  return (
    <div className="stack">
      <Chips at="moved" label={say('only')} value={moved ? '1' : ''} onChoose={(v) => set({ moved: v })} choices={[{ value: '', label: say('all') }, { value: '1', label: say('moved') }]} />
      <Answered of={q.of} rows={12}>
        {(first) =>
          q.rows.length === 0 ? (
            <Empty />
          ) : (
            <Panel
              title={say('life')}
              note={say('note')}
              bare
              foot={
                <>
                  <Proof holds={fen(first.closing) === fen(closing)}>{fen(first.closing) === fen(closing) ? say('closing', { sum: money(first.closing) }) : say('closingOff', { sum: money(first.closing), closing: money(closing) })}</Proof>
                  <span className="soft">{say('count', { n: count(first.count) })}</span>
                  {q.more.has && <Button kind="quiet" busy={q.more.busy} onClick={() => q.more.ask()}>{say('more')}</Button>}
                </>
              }
            >
              {years.map(([year, rows]) => (
                <Fragment key={year}>
                  <h3 className="year">{year}</h3>
                  <Timeline steps={rows.map((r) => step(r, center, to))} />
                </Fragment>
              ))}
            </Panel>
          )
        }
      </Answered>
    </div>
  );
}

const tone = (r: Row): NonNullable<Step['tone']> => {
  switch (r.event) {
    case 'PaymentReceived':
    case 'StatementConfirmed':
      return 'good';
    case 'PaymentBounced':
    case 'ChargeDisputed':
    case 'WriteOffRejected':
      return 'bad';
    case 'ReminderIssued':
    case 'ClaimIssued':
    case 'ReplyReminderIssued':
    case 'FollowUpNoted':
    case 'WriteOffRequested':
    case 'StatementReopened':
      return 'watch';
  }
  return isZero(r.change) ? 'plain' : 'money';
};

function step(r: Row, center: string, to: ReturnType<typeof useAddress>['to']): Step {
  const link = (href: string, text: string) => <Link href={to(href)}>{text}</Link>;
  const what: React.ReactNode[] = [nameOf('names.Event', r.event)];
  if (r.quarter && r.event.startsWith('Statement')) what.push(link(`/centers/${center}/statements/${r.quarter}`, r.version ? say('version', { quarter: r.quarter, n: r.version }) : r.quarter));
  else if (r.document && paperOf(r.event, center, r.document)) what.push(<a href={paperOf(r.event, center, r.document)} target="_blank" rel="noopener">{r.document}</a>);
  else if (r.document && r.document !== r.charge) what.push(r.document);
  if (r.payment) what.push(link(`/payments/${center}/${encodeURIComponent(r.payment)}`, r.payer || r.payment));
  const charged = !r.event.startsWith('OffListCharge') && !r.event.startsWith('Compensation'); // what was only asked for is no charge yet
  if (r.charge) what.push(!charged ? r.charge : link(`/charges/${center}/${r.charge}`, r.charge), [r.project, r.room, r.service].filter(Boolean).join(' '));
  const said = [
    r.event === 'FollowUpNoted' && r.dueOn ? (r.amount === null ? say('promisedDay', { day: r.dueOn }) : say('promised', { day: r.dueOn, amount: money(r.amount) })) : '',
    r.event === 'StatementIssued' && r.dueOn ? say('replyBy', { day: r.dueOn }) : '',
    r.event === 'ClaimIssued' && r.dueOn ? say('due', { day: r.dueOn }) : '',
    isZero(r.change) && r.amount !== null && r.event !== 'FollowUpNoted' ? say('ofAmount', { amount: money(r.amount) }) : '',
    r.reason ?? '',
  ].filter(Boolean);
  return {
    key: `${r.position} ${r.event}`,
    day: r.on,
    what: what.map((w, i) => <Fragment key={i}>{w} </Fragment>),
    who: [personOf(r, 'by'), r.counterparty, ...said].filter(Boolean).join(' · '),
    amount: isZero(r.change) ? undefined : r.change,
    then: r.balance,
    tone: tone(r),
  };
}
