import { useRef, useState, type ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Button } from '@/kit/Basics';
import { isDay, longDay, moment, readDay, today } from '@/kit/dates';
import { DayPicker } from '@/kit/DayInput';
import { useFreshness } from './live';
import { say } from './say';
import { useSession } from './session';

/** The cut of every figure on the page, as one sentence; each date explains itself. */
export function CutBar() {
  const { cut, set, get, to, path } = useAddress();
  const ofCenter = useSession()?.role.startsWith('center-') ?? true;
  const fresh = useFreshness();
  const known = !cut.knownAt ? say('now') : isDay(cut.knownAt) ? `${longDay(cut.knownAt)} 24:00` : moment(cut.knownAt);
  return (
    <>
      <section className="cut" aria-label={say('cut')}>
        <span>{say('asOf')}</span>
        <Pick
          label={say('asOfTitle')}
          shown={longDay(cut.asOf || today())}
          day={cut.asOf || today()}
          sentence={say('asOfSentence')}
          reset={say('today')}
          onPick={(day) => set({ asOf: day === today() ? '' : day })}
        />
        <span>{say('known')}</span>
        <Pick
          label={say('knownTitle')}
          shown={known}
          day={isDay(cut.knownAt) ? cut.knownAt : (cut.knownAt.slice(0, 10) || today())}
          sentence={say('knownSentence')}
          reset={say('nowButton')}
          onPick={(day) => set({ knownAt: day })}
        />
        <span>{say('knownEnd')}</span>
        {!ofCenter && (
          <>
            <span aria-hidden="true">·</span>
            <Link href={to('/compare', { center: /^\/(?:centers|charges|payments)\/([^/]+)/.exec(path)?.[1] ?? get('center') })}>{say('compare')}</Link>
          </>
        )}
        {fresh.says && (
          <span className={`fresh ${fresh.tone}`} title={fresh.title}>
            <i className="lamp" aria-hidden="true" />
            {fresh.says}
          </span>
        )}
      </section>
      {fresh.banner && (
        <div className="banner" role="alert" data-tone={fresh.tone === 'wrong' ? 'bad' : undefined}>
          {fresh.banner}
        </div>
      )}
    </>
  );
}

interface PickProps {
  label: string;
  shown: ReactNode;
  day: string;
  sentence: string;
  reset: string;
  /** A day; empty goes back to today, or now. */
  onPick: (day: string) => void;
}

export function Pick({ label, shown, day, sentence, reset, onPick }: PickProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  const pick = (day: string) => {
    setOpen(false);
    setTyped(undefined);
    onPick(day);
  };
  const read = typed === undefined ? undefined : readDay(typed);
  return (
    <>
      <button ref={button} type="button" className="pick" aria-haspopup="dialog" aria-label={`${label}: ${typeof shown === 'string' ? shown : day}`} onClick={() => setOpen(true)}>
        {shown}
      </button>
      <Popover className="popover" triggerRef={button} isOpen={open} onOpenChange={setOpen} placement="bottom start">
        <Dialog className="inner" aria-label={label}>
          <p>{sentence}</p>
          <form
            className="dates"
            onSubmit={(e) => {
              e.preventDefault();
              if (read) pick(read);
            }}
          >
            <span className="field" data-invalid={typed !== undefined && !read ? '' : undefined}>
              <input aria-label={say('date')} value={typed ?? day} onChange={(e) => setTyped(e.target.value)} autoFocus />
            </span>
            <Button type="submit" disabled={!read}>{say('goTo')}</Button>
            <Button kind="quiet" onClick={() => pick('')}>{reset}</Button>
          </form>
          <DayPicker label={label} value={read ?? day} onPick={pick} />
        </Dialog>
      </Popover>
    </>
  );
}
