import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '@/api/client';
import { nameOf } from '@/api/names';
import { Badge, Button } from '@/kit/Basics';
import { moment } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { Page } from '@/kit/Page';
import { Facts, Panel } from '@/kit/Panel';
import { Answered } from '@/kit/States';
import { Table } from '@/kit/Table';
import { Passkeys } from './Passkeys';
import { say } from './say';
import { leave, post, useSession } from './session';

/** Who I am, what is granted to me, and where I am signed in. */
export default function Me() {
  const session = useSession();
  const cache = useQueryClient();
  const q = useQuery({ queryKey: ['sessions'], queryFn: () => answer(client.GET('/v1/me/sessions')) });
  const [wrong, setWrong] = useState<string>();
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const end = async (id: string) => {
    const [ended, refused] = await post(`/v1/me/sessions/${encodeURIComponent(id)}/end`);
    setWrong(ended ? undefined : refused || say('noAnswer'));
    await cache.invalidateQueries({ queryKey: ['sessions'] });
  };
  const everywhere = async () => {
    setBusy(true);
    const [ended, refused] = await post('/v1/me/sign-out-everywhere', {});
    setBusy(false);
    if (ended) return leave();
    ask(false);
    setWrong(refused || say('noAnswer'));
  };
  return (
    <Page title={session?.name || session?.login || ''} finding={session?.login} help={say('meHelp')} actions={<Button kind="danger" onClick={() => ask(true)}>{say('everywhereAsk')}</Button>}>
      {wrong && <p className="notice" data-tone="bad" role="alert">{wrong}</p>}
      {asking && (
        <Dialog open onClose={() => ask(false)} title={say('everywhere')}>
          <p>{say('everywhereHelp', { n: q.data?.sessions?.length ?? '' })}</p>
          <div className="form-end">
            <Button kind="danger" busy={busy} onClick={() => void everywhere()}>{say('everywhere')}</Button>
            <Button onClick={() => ask(false)}>{say('stay')}</Button>
          </div>
        </Dialog>
      )}
      <div className="beside">
        <Answered of={q}>
          {(data) => (
            <Table
              label={say('sessions')}
              rows={data.sessions ?? []}
              id={(s) => s.id}
              columns={[
                { key: 'agent', head: say('browser'), cell: (s) => <>{s.agent} {s.this && <Badge tone="mark">{say('thisOne')}</Badge>}</> },
                { key: 'address', head: say('address'), kind: 'tight', value: (s) => s.address },
                { key: 'began', head: say('began'), kind: 'tight', value: (s) => moment(s.began) },
                { key: 'seen', head: say('seen'), kind: 'tight', value: (s) => moment(s.seen) },
                { key: 'end', head: '', kind: 'tight', cell: (s) => !s.this && <Button kind="quiet" onClick={() => void end(s.id)}>{say('endSession')}</Button> },
              ]}
            />
          )}
        </Answered>
        <div className="side">
          <Panel title={say('granted')}>
            <Facts
              of={(session?.grants ?? []).map((g) => ({
                name: nameOf('domain.Role', g.role),
                is: [g.all ? say('wholeCompany') : '', ...(g.regions ?? []), ...(g.cities ?? []), ...(g.projects ?? []), ...(g.centers ?? []), g.until ? say('until', { day: g.until }) : ''].filter(Boolean).join(' · '),
              }))}
            />
          </Panel>
          <Panel title={say('passkeys')}>
            <Passkeys />
          </Panel>
        </div>
      </div>
    </Page>
  );
}
