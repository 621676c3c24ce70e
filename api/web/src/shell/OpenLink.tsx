import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '@/kit/Basics';
import { say } from './say';
import { identify, openLink } from './session';

/** Where the link of a mail leads. What stands behind the '#' is taken out of the address before anything else. */
export const linkPath = '/answer';

/** Opens the statement of a mailed link, or says why it is over. */
export function OpenLink() {
  const [, navigate] = useLocation();
  const carried = useRef(location.hash.slice(1));
  const begun = useRef(false);
  const [refused, setRefused] = useState<string>();
  const open = async () => {
    setRefused(undefined);
    const [opened, refused] = await openLink(carried.current);
    if (!opened) {
      setRefused(refused || say('noAnswer'));
      return;
    }
    await identify();
    navigate(`/my/statement?quarter=${encodeURIComponent(opened.quarter)}`, { replace: true });
  };
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    history.replaceState(null, '', linkPath);
    document.title = `${say('opening')} · ${say('house')}`;
    void open();
  });
  return (
    <main className="sign-in">
      <div className="panel">
        <div className="inner">
          <h1>{say('house')}</h1>
          {refused === undefined ? (
            <p role="status">{say('opening')}</p>
          ) : (
            <>
              <p className="late" role="alert">{refused}</p>
              <div className="form-end">
                {carried.current && <Button kind="main" onClick={() => void open()}>{say('again')}</Button>}
                <Button onClick={() => navigate('/', { replace: true })}>{say('signIn')}</Button>
              </div>
            </>
          )}
        </div>
      </div>
    </main>
  );
}
