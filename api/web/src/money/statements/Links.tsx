import { useState } from 'react';
import { Button } from '@/kit/Basics';
import { moment } from '@/kit/dates';
import { Dialog } from '@/kit/Dialog';
import { Form, TextField } from '@/kit/Form';
import { Panel } from '@/kit/Panel';
import { Answered } from '@/kit/States';
import { useView } from '@/kit/view';
import { say } from './say';

/** Who has a link that opens this statement, and the way to end them all. */
export function Links({ center, quarter }: { center: string; quarter: string }) {
  const q = useView('/v1/centers/{center}/statements/{quarter}/links', { path: { center, quarter }, uncut: true });
  const [ending, end] = useState(false);
  const links = q.data?.links ?? [];
  return (
    <Panel title={say('links')} foot={links.length > 0 && <Button kind="danger" onClick={() => end(true)}>{say('endLinks')}</Button>}>
      <Answered of={q} rows={2}>
        {() =>
          links.length === 0 ? (
            <p className="soft">{say('noLinks')}</p>
          ) : (
            <ul className="links">
              {links.map((l) => (
                <li key={l.link}>
                  {say('linkTo', { login: l.login, mail: l.mail })}
                  <span className="talk">
                    {say('linkMade', { n: l.version, made: moment(l.madeAt), until: moment(l.until) })} · {l.openedAt ? say('linkOpened', { at: moment(l.openedAt) }) : say('linkUnopened')}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      {ending && (
        <Dialog open onClose={() => end(false)} title={say('endLinksTitle', { n: links.length })}>
          <p className="soft">{say('endLinksHelp')}</p>
          <Form
            command="/v1/centers/{center}/statements/{quarter}/links/revocation"
            params={{ center, quarter }}
            body={(v) => ({ reason: v.reason ?? '' })}
            draft={`links.${center}.${quarter}`}
            submit={say('doEndLinks')}
            kind="danger"
            onDone={() => end(false)}
            onCancel={() => end(false)}
          >
            <TextField name="reason" label={say('reason')} required autoFocus />
          </Form>
        </Dialog>
      )}
    </Panel>
  );
}
