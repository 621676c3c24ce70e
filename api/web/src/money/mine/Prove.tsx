import { useId, useState, type FormEvent } from 'react';
import { Button } from '@/kit/Basics';
import { proveByCode, sendCode } from '@/shell/session';
import { say } from './say';

/** Whoever came by the link of a mail shows by a code, sent to the same mailbox, that it is theirs. */
export function Prove({ onCancel }: { onCancel: () => void }) {
  const [to, setTo] = useState<string>();
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState('');
  const id = useId();
  const during = async (what: () => Promise<string | undefined>) => {
    if (busy) return;
    setBusy(true);
    const refused = await what();
    setWrong(refused === '' ? say('noAnswer') : refused);
    setBusy(false);
  };
  const send = () =>
    during(async () => {
      const [sent, refused] = await sendCode();
      if (!sent) return refused;
      setTo(sent.to);
      setCode('');
      return undefined;
    });
  const enter = (e: FormEvent) => {
    e.preventDefault();
    // Digits of a Chinese input method, and the blanks that people read aloud, mean the same.
    void during(() => proveByCode(code.normalize('NFKC').replace(/\s/g, '')));
  };
  return (
    <form className="form" onSubmit={enter} noValidate>
      <p>{to ? say('codeSent', { to }) : say('codeHelp')}</p>
      {to && (
        <div className="field" data-invalid={wrong ? '' : undefined}>
          <label htmlFor={id}>{say('code')}</label>
          <input id={id} name="code" inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.target.value)} autoFocus aria-describedby={`${id}-below`} />
        </div>
      )}
      <div className="field">
        <div className={wrong ? 'below error' : 'below'} id={`${id}-below`} role="alert">{wrong}</div>
      </div>
      <div className="form-end">
        {to ? (
          <>
            <Button type="submit" kind="main" busy={busy}>{say('enterCode')}</Button>
            <Button onClick={() => void send()}>{say('sendAgain')}</Button>
          </>
        ) : (
          <Button kind="main" busy={busy} onClick={() => void send()}>{say('sendCode')}</Button>
        )}
        <Button onClick={onCancel}>{say('cancel')}</Button>
      </div>
    </form>
  );
}
