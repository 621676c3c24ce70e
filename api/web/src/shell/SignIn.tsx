import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from '@/kit/Basics';
import { LanguageButton } from './Navigation';
import { addPasskey, showPasskey } from './passkey';
import { say } from './say';
import { changePassword, signIn, signInWays, signOut, takeUp, useSession, type SignInWays } from './session';

/** A demonstration's link carries login and password behind the #, which no server sees. */
const carried = (): [login: string, password: string] | undefined => {
  const m = /^#([^:]+):(.+)$/.exec(location.hash);
  return m ? [decodeURIComponent(m[1] ?? ''), decodeURIComponent(m[2] ?? '')] : undefined;
};

interface Ask {
  name: string;
  label: string;
  type: 'text' | 'password';
  complete: string;
}

interface DoorProps {
  ask: Ask[];
  submit: string;
  help?: string;
  knock: (values: Record<string, string>) => Promise<string | undefined>;
  start?: Record<string, string>;
}

function DoorForm({ ask, submit, help, knock, start = {} }: DoorProps) {
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const id = useId();
  const send = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    const values = Object.fromEntries([...new FormData(e.currentTarget)].map(([k, v]) => [k, String(v)]));
    const refused = await knock(values);
    setBusy(false);
    setWrong(refused === '' ? say('noAnswer') : refused);
  };
  return (
    <form className="form" onSubmit={(e) => void send(e)}>
      {help && <p className="soft">{help}</p>}
      {ask.map((a, i) => (
        <div className="field" key={a.name}>
          <label htmlFor={id + a.name}>{a.label}</label>
          <input id={id + a.name} name={a.name} type={a.type} autoComplete={a.complete} defaultValue={start[a.name]} autoFocus={i === 0} required aria-describedby={`${id}-below`} spellCheck={false} autoCapitalize="none" />
        </div>
      ))}
      <div className="field">
        <div className={wrong ? 'below error' : 'below'} id={`${id}-below`} role="alert">{wrong}</div>
      </div>
      <div className="form-end">
        <Button type="submit" kind="main" busy={busy}>{submit}</Button>
      </div>
    </form>
  );
}

const credentials = (): Ask[] => [
  { name: 'login', label: say('login'), type: 'text', complete: 'username' },
  { name: 'password', label: say('password'), type: 'password', complete: 'current-password' },
];

/** The organisation's identity provider, where there is one; and why its last answer let nobody in. */
function ByProvider({ again }: { again: boolean }) {
  const [ways, setWays] = useState<SignInWays>();
  useEffect(() => {
    void signInWays().then(setWays);
  }, []);
  const provider = ways?.provider;
  if (!provider) return null;
  const to = again ? location.pathname + location.search : location.pathname === '/invitation' ? '/' : location.pathname + location.search;
  return (
    <div className="form">
      {ways.refused && <p className="error" role="alert">{ways.refused}</p>}
      {provider.away ? (
        <p className="late">{provider.away}</p>
      ) : (
        <Button kind="main" onClick={() => location.assign(`${provider.start}?to=${encodeURIComponent(to)}`)}>{say('signInBy', { name: provider.name })}</Button>
      )}
      <p className="soft">{say('orPassword')}</p>
    </div>
  );
}

/** Who are you? As a page of its own, or over a page whose session has ended. */
export function SignIn({ again = false }: { again?: boolean }) {
  const session = useSession();
  const link = useRef(carried());
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!again) document.title = `${say('signIn')} · ${say('house')}`;
  }, [again]);
  useEffect(() => {
    if (again || !link.current) return;
    const [login, password] = link.current;
    link.current = undefined;
    history.replaceState(null, '', location.pathname + location.search);
    void signIn(login, password).then((no) => setRefused(no !== undefined));
  }, [again]);
  // Behind the '#', which no server sees; it is out of the address before anything is sent.
  const [invitation] = useState(() => (location.pathname === '/invitation' ? location.hash.slice(1) : ''));
  useEffect(() => {
    if (invitation) history.replaceState(null, '', '/invitation');
  }, [invitation]);
  const form =
    session?.step === 'second-factor' ? (
      <DoorForm ask={[]} help={say('secondHelp')} submit={say('showPasskey')} knock={showPasskey} />
    ) : session?.step === 'enrol-second-factor' ? (
      <DoorForm ask={[{ name: 'name', label: say('passkeyName'), type: 'text', complete: 'off' }]} help={say('enrolHelp')} submit={say('addPasskey')} knock={(v) => addPasskey(v.name ?? '')} />
    ) : session?.step === 'change-password' ? (
      <DoorForm
        ask={[
          { name: 'present', label: say('presentPassword'), type: 'password', complete: 'current-password' },
          { name: 'next', label: say('nextPassword'), type: 'password', complete: 'new-password' },
        ]}
        help={say('changeHelp')}
        submit={say('change')}
        knock={(v) => changePassword(v.present ?? '', v.next ?? '')}
      />
    ) : location.pathname === '/invitation' && invitation ? (
      <DoorForm ask={[{ name: 'next', label: say('nextPassword'), type: 'password', complete: 'new-password' }]} help={say('invitationHelp')} submit={say('signIn')} knock={(v) => takeUp(invitation, v.next ?? '')} />
    ) : (
      <>
        <ByProvider again={again} />
        <DoorForm ask={credentials()} submit={say('signIn')} start={again && session ? { login: session.login } : {}} knock={(v) => signIn(v.login ?? '', v.password ?? '')} />
      </>
    );
  // Above whatever dialog is open: what is typed there stays, and is not in the way.
  if (again)
    return (
      <ModalOverlay className="veil" isOpen isKeyboardDismissDisabled>
        <Modal className="dialog">
          <AriaDialog className="dialog-inner" role="alertdialog" aria-label={say('signIn')}>
            <div className="inner">
              <p>{say('sessionOver')}</p>
              {form}
            </div>
          </AriaDialog>
        </Modal>
      </ModalOverlay>
    );
  return (
    <main className="sign-in">
      <div className="panel">
        <div className="inner">
          <h1>{say('house')}</h1>
          {refused && <p className="late">{say('linkUsed')}</p>}
          {form}
          <p className="door-foot">
            <LanguageButton className="plain" />
            {session?.step && <Button kind="quiet" onClick={() => void signOut()}>{say('signOut')}</Button>}
          </p>
        </div>
      </div>
    </main>
  );
}
