import { parseDate } from '@internationalized/date';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell } from 'react-aria-components/Calendar';
import { Heading } from 'react-aria-components/Heading';
import { say } from './say';

/** A month to pick a day from; the day is text in and out. Loaded with its first use. */
export default function DayPicker({ value, onPick, label }: { value: string; onPick: (day: string) => void; label: string }) {
  return (
    <Calendar className="calendar" aria-label={label} value={parseDate(value)} onChange={(d) => onPick(d.toString())} firstDayOfWeek="mon">
      <header>
        <AriaButton slot="previous" className="plain" aria-label={say('previousMonth')}>‹</AriaButton>
        <Heading />
        <AriaButton slot="next" className="plain" aria-label={say('nextMonth')}>›</AriaButton>
      </header>
      <CalendarGrid>
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}
