import { nameOf } from '@/api/names';
import { clauses } from '@/kit/words';

/** How the server writes whom a letter is for: a role, what it is for, and the address once it was sent. */
const written = /^([a-z-]+)@(?:company|region|city|center|project)(?: ([^:]+))?(?:: (.+))?$/;

/** Whom a letter is for, by the names of their roles: 物业服务中心负责人 C01 <who@where>. What is written otherwise stands as it is. */
export const told = (all: readonly string[] | null | undefined): string =>
  clauses(
    ...(all ?? []).map((one) => {
      const [, role, of, address] = written.exec(one) ?? [];
      return role ? [nameOf('domain.Role', role), of, address && `<${address}>`].filter(Boolean).join(' ') : one;
    }),
  );
