import { useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** A component whose code comes when it is first wanted, or before that. */
export type Later<P> = ComponentType<P> & {
  /** Has the code come, so that it stands at once when it is wanted. */
  fetch: () => Promise<void>;
};

/**
 * Draws a component as soon as its code is there, and until then what stands for it. It is
 * not React.lazy, which keeps what has come behind its fallback for 300 ms more, on every
 * first opening of a page, a dialog or a list of keys.
 */
export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, meanwhile: () => ReactNode = () => null): Later<P> {
  let Come: ComponentType<P> | undefined;
  const fetch = async () => {
    Come = (await load()).default;
  };
  const Stands = (props: P) => {
    const Shown = Come;
    const [outcome, tell] = useState<{ failed?: unknown }>();
    useEffect(() => {
      if (Shown) return;
      let wanted = true;
      fetch().then(
        () => wanted && tell({}),
        (failed: unknown) => wanted && tell({ failed }),
      );
      return () => {
        wanted = false;
      };
    }, [Shown]);
    if (outcome?.failed) throw outcome.failed;
    return Shown ? <Shown {...props} /> : meanwhile();
  };
  return Object.assign(Stands, { fetch });
}

/** Has the code of each come, one after the other, while nothing else is to be done; a failure is told to who opens it. */
export function fetchIdly(all: readonly Pick<Later<object>, 'fetch'>[]): () => void {
  let going = true;
  const one = (i: number) => {
    if (!going || i >= all.length) return;
    const next = () => one(i + 1);
    requestIdleCallback(() => void all[i]?.fetch().then(next, next), { timeout: 5000 });
  };
  one(0);
  return () => {
    going = false;
  };
}
