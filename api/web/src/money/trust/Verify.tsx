import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client, Refused } from '@/api/client';
import { Button, Proof } from '@/kit/Basics';
import { moment } from '@/kit/dates';
import { count } from '@/kit/fen';
import { Facts, Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { Failure } from '@/kit/States';
import { useSession } from '@/shell/session';
import { say } from './say';

const may = ['finance', 'department-manager', 'administrator'];

/** The audit of the whole ledger, begun from here and followed while it goes on. */
export function Verify() {
  const role = useSession()?.role ?? '';
  const cache = useQueryClient();
  const key = ['verification'];
  const q = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => answer(client.GET('/v1/verification', { signal })),
    enabled: may.includes(role),
    refetchInterval: (of) => (of.state.data?.state === 'RUNNING' ? 700 : false),
  });
  const [refused, refuse] = useState<Refused>();
  const begin = async () => {
    refuse(undefined);
    try {
      cache.setQueryData(key, await answer(client.POST('/v1/verification', {})));
    } catch (err) {
      if (err instanceof Refused) refuse(err);
    }
  };
  if (!may.includes(role))
    return (
      <Panel title={say('title')}>
        <p className="soft">{say('noMay')}</p>
      </Panel>
    );
  const a = q.data;
  const running = a?.state === 'RUNNING';
  return (
    <Panel
      title={say('title')}
      foot={a &&
        <Button kind={a?.state === 'DONE' ? 'plain' : 'main'} busy={running} onClick={() => void begin()}>
          {a?.state === 'DONE' || a?.state === 'FAILED' ? say('again') : say('begin')}
        </Button>
      }
    >
      {(q.error ?? refused) && <Failure of={q.error ?? refused} again={() => void q.refetch()} />}
      {a?.state === 'NONE' && <p className="soft">{say('never')}</p>}
      <div role="status">
        {running && (
          <>
            <p>{a.head > 0 && a.through >= a.head ? say('comparing') : say('running', { by: personOf(a, 'by'), at: moment(a.begunAt ?? ''), through: count(a.through), head: count(a.head) })}</p>
            <progress className="progress" aria-label={say('progress')} {...(a.head > 0 && { value: a.through, max: a.head })} />
          </>
        )}
        {a?.state === 'DONE' && (
          <p>
            <Proof holds={!a.findings?.length}>{a.findings?.length ? say('bad', { at: moment(a.endedAt ?? ''), n: count(a.findings.length) }) : say('good', { at: moment(a.endedAt ?? '') })}</Proof>
          </p>
        )}
        {a?.state === 'FAILED' && <p className="wrong">{say('failed', { problem: a.problem ?? '' })}</p>}
      </div>
      {a?.state === 'DONE' && (
        <Facts
          of={[
            { name: say('by'), is: personOf(a, 'by') },
            { name: say('through'), is: count(a.through) },
            { name: say('events'), is: count(a.events) },
            { name: say('streams'), is: count(a.streams) },
            { name: say('accounts'), is: count(a.accounts) },
            { name: say('postings'), is: count(a.postings) },
            { name: say('statements'), is: count(a.statements) },
            { name: say('figures'), is: count(a.figures) },
          ]}
        />
      )}
      {Boolean(a?.findings?.length) && (
        <ul className="points">
          {a?.findings?.map((f, i) => (
            <li key={i} className="wrong">
              {f.position > 0 && `#${count(f.position)} `}
              {f.where}: {f.what}
            </li>
          ))}
        </ul>
      )}
      {(!a || a.state === 'NONE') && !q.error && <p className="soft">{say('help')}</p>}
    </Panel>
  );
}
