import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// The server that the browser tests open: the real one, on a sample year of its
// own, on a port of its own. Used by vitest, by shots and by the bench.

export interface Served {
  base: string;
  people: Record<string, string>; // the session's cookie, by role
  logins: Record<string, { login: string; password: string }>; // by role; the first password of whoever did not sign in yet
  data: string; // the folder that holds everything
  /** Ends the server, and starts it anew at the same address on the same data. */
  end: () => Promise<void>;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

const ledger = process.env.LEDGER ?? resolve('../../bin/ledger');

export const freePort = () =>
  new Promise<number>((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address() as AddressInfo;
      s.close(() => done(port));
    });
  });

const finished = (p: ChildProcess) => new Promise<number | null>((done) => p.once('exit', done));

/** What a browser does to be let in; returns the cookie. */
async function knock(base: string, path: string, body: object, cookie = ''): Promise<string> {
  const got = await fetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) }, body: JSON.stringify(body) });
  if (!got.ok) throw new Error(`${path}: ${got.status} ${await got.text()}`);
  return (got.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

/** Serves a sample year; the roles named have signed in and chosen a password. */
export async function serve(roles: readonly string[] = ['finance', 'regional-admin', 'tech-group-lead', 'center-head', 'hq-affairs-supervisor', 'city-lead']): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'console-'));
  const sample = spawn(ledger, ['--data', data, 'sample', '--if-empty'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if ((await finished(sample)) !== 0) throw new Error('the sample year was not made');
  const port = await freePort();
  const base = `http://localhost:${port}`; // a name, as passkeys need one
  // What is printed once: role, login and the first password.
  const printed = new Map<string, [login: string, password: string]>();
  let server: ChildProcess;
  const start = () =>
    new Promise<void>((done, failed) => {
      let said = '';
      const own = (server = spawn(ledger, ['--data', data, 'serve', '--listen', `127.0.0.1:${port}`, '--public-url', base, ...(printed.size ? [] : ['--welcome'])], { stdio: ['ignore', 'pipe', 'pipe'] }));
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        for (const m of said.matchAll(/^ {2}([a-z-]+) +(\S+) +([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b/gm)) printed.set(m[1] ?? '', [m[2] ?? '', m[3] ?? '']);
        if (printed.has('administrator') && /msg=serving/.test(said)) done();
      };
      own.stdout.on('data', hear);
      own.stderr.on('data', hear);
      own.once('exit', () => failed(new Error(`the server ended:\n${said}`)));
    });
  const end = async () => {
    server.removeAllListeners('exit');
    server.kill('SIGTERM');
    await finished(server);
  };
  await start();
  const people: Record<string, string> = {};
  const logins: Served['logins'] = {};
  for (const [role, [login, password]] of printed) logins[role] = { login, password };
  for (const role of roles) {
    const { login, password } = logins[role] ?? { login: '', password: '' };
    const first = await knock(base, '/v1/sign-in', { login, password });
    const next = `${password} of my own`;
    people[role] = await knock(base, '/v1/me/password', { present: password, next }, first);
    logins[role] = { login, password: next };
  }
  return {
    base,
    people,
    logins,
    data,
    end,
    start,
    stop: async () => {
      await end();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    base: string;
    people: Record<string, string>;
    logins: string[];
  }
}

export default async function setup(project: { provide: (key: 'base' | 'people' | 'logins', value: never) => void }): Promise<() => Promise<void>> {
  const served = await serve();
  project.provide('base', served.base as never);
  project.provide('people', served.people as never);
  project.provide('logins', Object.values(served.logins).map((l) => l.login) as never);
  return served.stop;
}
