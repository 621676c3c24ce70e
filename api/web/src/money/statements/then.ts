import type { Answer } from '@/kit/view';

type Version = NonNullable<Answer<'/v1/centers/{center}/statements/{quarter}'>['versions']>[number];
type Awaited = NonNullable<Version['awaiting']>[number];

const later = (on: string | undefined, day: string) => on !== undefined && on !== '' && on > day;

function less<T extends object>(of: T, ...fields: readonly (keyof T)[]): T {
  const rest: Partial<T> = { ...of };
  for (const f of fields) delete rest[f];
  return rest as T; // each of the fields may be absent
}

/** What an answer brings to a version. */
const ofAnswers = ['report', 'answer', 'answeredOn', 'answeredBy', 'answeredByName', 'enteredBy', 'enteredByName', 'signedOn', 'way', 'scan'] as const;

/** What was said of a charge by then. */
function saidThen({ dispute, ...a }: Awaited, day: string): Awaited {
  if (!dispute || later(dispute.on, day)) return { ...a, disputed: a.disputed && !later(dispute?.on, day) };
  if (!later(dispute.endedOn, day)) return { ...a, dispute };
  return { ...a, dispute: less(dispute, 'end', 'endedOn', 'endReason') };
}

/** The versions of a statement that there were on a day, each with what had been answered by then. */
export function versionsThen(versions: readonly Version[], day: string): Version[] {
  return versions
    .filter((v) => v.issuedOn !== undefined && !later(v.issuedOn, day))
    .map((v): Version => {
      const said: Version = { ...(later(v.report?.on, day) ? less(v, 'report') : v), awaiting: (v.awaiting ?? []).map((a) => saidThen(a, day)) };
      return later(v.answeredOn, day) ? { ...less(said, ...ofAnswers), status: 'ISSUED' } : said;
    });
}
