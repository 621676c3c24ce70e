import { Lines, linesOf, startLines, type LineColumn } from '@/kit/Lines';
import { say } from './say';

// The lines of a requisition as its paper has them: what is asked for, and put forward again.

const columns = (): LineColumn[] => [
  { name: 'part', label: say('part'), required: true },
  { name: 'name', label: say('name'), required: true },
  { name: 'quantity', label: say('quantity'), kind: 'quantity', required: true },
  { name: 'estimate', label: say('estimateAll'), kind: 'money', required: true },
  { name: 'purpose', label: say('purpose'), required: true },
];

export const emptyLine = startLines('lines', [{}]);
export const AskedLines = () => <Lines name="lines" columns={columns()} most={50} />;

/** What the form asks for, as the server reads it. */
export const asked = (values: Record<string, string>) =>
  linesOf(values, 'lines', columns()).map((l) => ({ part: l.part ?? '', name: l.name ?? '', quantity: l.quantity ?? '', estimate: l.estimate ?? '', purpose: l.purpose ?? '' }));
