import { fen, yuan } from '@/kit/fen';

// The lines of a statement in the order of its paper: what is of the quarter, then what was posted late of
// earlier ones, then what came or went with a project. The balance runs on through all of them.

export type Block = 'own' | 'late' | 'moved';

interface Line {
  type: string;
  origin?: string;
  amount: string;
  balance: string;
}

/** Where the paper has a line of a quarter's statement. */
export const blockOf = (line: Pick<Line, 'type' | 'origin'>, quarter: string): Block =>
  line.type.startsWith('TRANSFER') ? 'moved' : line.origin && line.origin !== quarter ? 'late' : 'own';

/** The lines as the paper has them, each with the balance after it. */
export function asOnPaper<L extends Line>(lines: readonly L[], quarter: string, opening: string): L[] {
  let balance = fen(opening);
  return (['own', 'late', 'moved'] as const)
    .flatMap((block) => lines.filter((l) => blockOf(l, quarter) === block))
    .map((l) => ({ ...l, balance: yuan((balance += fen(l.amount))) }));
}
