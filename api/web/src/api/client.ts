import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './schema';
import { tag } from '@/kit/words';
import { credentials, ended } from '@/shell/session';

/** Why a request was not answered as asked: RFC 9457 problem details, in the reader's language. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  violations?: { field: string; value?: string; rule: string; clause?: string }[];
  readModel?: Freshness;
}

/** What figures rest on. */
export interface Freshness {
  state: string;
  position: number;
  lagEvents: number;
  lagSeconds: number | null;
  reason?: string;
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
}

/** Nothing came back: the network, or the server restarting. Status 0. */
const unreachable: Problem = { type: 'unreachable', title: '', status: 0, detail: '' };

const language: Middleware = {
  async onRequest({ request }) {
    request.headers.set('Accept-Language', tag());
    credentials(request.headers);
    return request;
  },
};

export const client = createClient<paths>({
  baseUrl: '',
  credentials: 'same-origin',
  querySerializer: { array: { style: 'form', explode: false } }, // as the document says of its lists
});
client.use(language);

/** What an answer shows of a record: its tag, by which a command says what its sender saw. Of lists, and of what was, there is none. */
export function seenIn(response: Response): string | undefined {
  const tag = response.headers.get('ETag') ?? '';
  return /![^!]+:\d+/.test(tag) ? tag : undefined;
}

/** The answer, or an error that carries the server's problem. */
export async function answer<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got;
  try {
    got = await asked;
  } catch (err) {
    if (err instanceof DOMException && err.name === 'AbortError') throw err;
    throw new Refused(unreachable);
  }
  if (got.data !== undefined && got.response.ok) return got.data;
  if (got.response.ok) return undefined as T;
  throw new Refused(problemOf(got.error, got.response));
}

/** What a field is called by programs, and a login: either stands in brackets behind what people call it. */
const bracketed = /(?<=[\u4e00-\u9fff\d])（[a-z][\w.[\]-]*）/g;

/** A refusal without the names that only programs need. English has no other name of a field than its words. */
export function forPeople(problem: Problem): Problem {
  const plain = (text: string) =>
    tag() === 'zh-CN' ? text.replace(bracketed, '') : text.replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`));
  return { ...problem, detail: plain(problem.detail ?? ''), ...(problem.violations && { violations: problem.violations.map((v) => ({ ...v, rule: plain(v.rule) })) }) };
}

/** What a refusal says. One that says that nobody is signed in any more has the page ask who is there, whoever sent what. */
export function problemOf(body: unknown, response: Response): Problem {
  if (response.status === 401) ended();
  if (body && typeof body === 'object' && 'status' in body) return forPeople(body as Problem);
  return { type: 'about:blank', title: response.statusText, status: response.status, detail: '' };
}
