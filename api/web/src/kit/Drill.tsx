import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Footing, Proof } from './Basics';
import { useAddress } from './address';
import { words } from './words';

const say = words({ from: ['上一页的{what}', '{what} on the previous page'] });

/**
 * A figure that opens what it is made of. It carries the cut, the scope and its
 * own sum (`foots`), which the page it opens compares with its own.
 */
export function Drill({ to, params = {}, sum, what, children }: { to: string; params?: Record<string, string | undefined>; sum?: string; what?: string; children: ReactNode }) {
  const here = useAddress();
  return <Link href={here.to(to, { ...params, foots: sum, of: what })}>{children}</Link>;
}

/** On the page that a drill opened: its sum against the figure that it came from. */
export function DrillProof({ sum }: { sum: string | undefined }) {
  const { get } = useAddress();
  const foots = get('foots');
  if (!foots || sum === undefined || !/^-?\d+(\.\d{1,2})?$/.test(foots)) return null;
  return <Footing parent={foots} here={sum}>{say('from', { what: get('of') })}</Footing>;
}

export { Proof };
