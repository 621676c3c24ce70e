import { useEffect, useId, useState } from 'react';
import { Button } from '@/kit/Basics';
import { say } from './say';
import { signIn } from './session';

/** Who are you? As a page of its own, or over a page whose session has ended. */
export function SignIn({ again = false }: { again?: boolean }) {
  const [token, setToken] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();
  useEffect(() => {
    if (!again) document.title = `${say('signIn')} · ${say('house')}`;
  }, [again]);
  const form = (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        setWrong(!signIn(token));
      }}
    >
      <div className="field" data-invalid={wrong || undefined}>
        <label htmlFor={id}>{say('token')}</label>
        <input id={id} type="password" autoComplete="current-password" value={token} onChange={(e) => setToken(e.target.value)} aria-describedby={`${id}-below`} />
        <div className={wrong ? 'below error' : 'below'} id={`${id}-below`}>{wrong ? say('badToken') : say('signInHelp')}</div>
      </div>
      <div className="form-end">
        <Button type="submit" kind="main">{say('signIn')}</Button>
      </div>
    </form>
  );
  if (again) return <div className="banner" role="alert"><p>{say('sessionOver')}</p>{form}</div>;
  return (
    <main className="sign-in">
      <div className="panel">
        <div className="inner">
          <h1>{say('house')}</h1>
          {form}
        </div>
      </div>
    </main>
  );
}
