import { Badge } from '@/kit/Basics';
import { say } from './say';

/** A supplier or maker: marked where nobody had recorded it for the day of its paper, and where the catalogue has another maker. */
export function Party({ name, unrecorded, listed }: { name?: string | undefined; unrecorded?: boolean | undefined; listed?: string | undefined }) {
  return (
    <>
      {name}
      {unrecorded && <> <Badge tone="watch">{say('unrecorded')}</Badge></>}
      {listed && <> <span className="soft nowrap">{say('listed', { maker: listed })}</span></>}
    </>
  );
}
