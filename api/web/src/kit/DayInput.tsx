import { useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { isDay, readDay, today } from './dates';
import { later } from './later';
import { say } from './say';

export const DayPicker = later(() => import('./DayPicker'), () => <p className="soft">{say('waiting')}</p>);

/** A date outside a form: typed, pasted or picked; told when it is one, or was emptied. */
export function DayInput({ value, onChange, label }: { value: string; onChange: (day: string) => void; label: string }) {
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const wrong = typed !== undefined && typed !== '' && !readDay(typed);
  const settle = () => {
    if (typed === undefined || wrong) return;
    setTyped(undefined);
    const day = typed === '' ? '' : (readDay(typed) ?? value);
    if (day !== value) onChange(day);
  };
  return (
    <span className="field" data-invalid={wrong || undefined}>
      <span className="dates">
        <input
          aria-label={label}
          aria-invalid={wrong || undefined}
          title={wrong ? say('dateWrong') : undefined}
          value={typed ?? value}
          placeholder={say('dayShape')}
          inputMode="numeric"
          onChange={(e) => setTyped(e.target.value)}
          onBlur={settle}
          onKeyDown={(e) => {
            if (e.key === 'Enter' && !e.nativeEvent.isComposing) settle();
          }}
        />
        <button ref={button} type="button" className="plain" aria-label={`${label}: ${say('openCalendar')}`} onClick={() => setOpen(true)}>
          ▾
        </button>
        <Popover className="popover" triggerRef={button} isOpen={open} onOpenChange={setOpen}>
          <Dialog className="inner" aria-label={label}>
            <DayPicker
              label={label}
              value={isDay(value) ? value : today()}
              onPick={(day) => {
                setTyped(undefined);
                setOpen(false);
                onChange(day);
              }}
            />
          </Dialog>
        </Popover>
      </span>
    </span>
  );
}

/** From one date to another, both counted; either may be open. */
export function DayRange({ from, to, onChange, label }: { from: string; to: string; onChange: (from: string, to: string) => void; label: string }) {
  return (
    <span className="dates" role="group" aria-label={label}>
      <span className="end">
        {say('from')}
        <DayInput label={`${label}: ${say('from')}`} value={from} onChange={(d) => onChange(d, to)} />
      </span>
      <span className="end">
        {say('to')}
        <DayInput label={`${label}: ${say('to')}`} value={to} onChange={(d) => onChange(from, d)} />
      </span>
      {from && to && to < from && <span className="wrong">{say('rangeOrder')}</span>}
    </span>
  );
}
