import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { answer, client } from '@/api/client';
import { Button } from '@/kit/Basics';
import { moment } from '@/kit/dates';
import { Answered } from '@/kit/States';
import { Table } from '@/kit/Table';
import { addPasskey, showPasskey } from './passkey';
import { say } from './say';
import { post } from './session';

/** My passkeys: to register one and to take one away. Either is for who has just signed in. */
export function Passkeys() {
  const cache = useQueryClient();
  const q = useQuery({ queryKey: ['passkeys'], queryFn: () => answer(client.GET('/v1/me/passkeys')) });
  const [wrong, setWrong] = useState<string>();
  const [name, setName] = useState('');
  const id = useId();
  const done = async (refused: string | undefined) => {
    setWrong(refused);
    if (refused === undefined) setName('');
    await cache.invalidateQueries();
  };
  const remove = async (key: string) => {
    const [gone, refused] = await post(`/v1/me/passkeys/${encodeURIComponent(key)}/removal`);
    await done(gone ? undefined : refused || say('noAnswer'));
  };
  return (
    <>
      <Answered of={q}>
        {(data) => !!data.passkeys?.length && (
          <Table
            label={say('passkeys')}
            rows={data.passkeys}
            id={(k) => k.id}
            columns={[
              { key: 'name', head: say('passkey'), value: (k) => k.name },
              { key: 'made', head: say('made'), kind: 'tight', value: (k) => moment(k.made) },
              { key: 'lastUsed', head: say('seen'), kind: 'tight', value: (k) => (k.lastUsed ? moment(k.lastUsed) : '') },
              { key: 'remove', head: '', kind: 'tight', cell: (k) => <Button kind="quiet" onClick={() => void remove(k.id)}>{say('removePasskey')}</Button> },
            ]}
          />
        )}
      </Answered>
      <div className="form">
        <p className="soft">{say('passkeyHelp')}</p>
        <div className="field">
          <label htmlFor={id}>{say('passkeyName')}</label>
          <input id={id} value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
        </div>
        {wrong && <p className="error" role="alert">{wrong}</p>}
        <div className="form-end">
          {(q.data?.passkeys ?? []).length > 0 && <Button onClick={() => void showPasskey().then(done)}>{say('proveAgain')}</Button>}
          <Button kind="main" disabled={name.trim() === ''} onClick={() => void addPasskey(name.trim()).then(done)}>{say('addPasskey')}</Button>
        </div>
      </div>
    </>
  );
}
