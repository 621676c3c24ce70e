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
  stop: () => Promise<void>;
}

const ledger = process.env.LEDGER ?? resolve('../../bin/ledger');

const freePort = () =>
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

export async function serve(): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'console-'));
  const sample = spawn(ledger, ['--data', data, 'sample', '--if-empty'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if ((await finished(sample)) !== 0) throw new Error('the sample year was not made');
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(ledger, ['--data', data, 'serve', '--listen', address, '--welcome'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  // What is printed once: role, login and the first password.
  const printed = new Map<string, [login: string, password: string]>();
  await new Promise<void>((done, failed) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      for (const m of said.matchAll(/^ {2}([a-z-]+) +(\S+) +([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b/gm)) printed.set(m[1] ?? '', [m[2] ?? '', m[3] ?? '']);
      if (printed.has('administrator')) done();
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', () => failed(new Error(`the server ended:\n${said}`)));
  });
  const base = `http://${address}`;
  const people: Record<string, string> = {};
  for (const role of ['finance', 'regional-admin', 'tech-group-lead']) {
    const [login, password] = printed.get(role) ?? ['', ''];
    const first = await knock(base, '/v1/sign-in', { login, password });
    people[role] = await knock(base, '/v1/me/password', { present: password, next: `${password} of my own` }, first);
  }
  return {
    base,
    people,
    stop: async () => {
      server.removeAllListeners('exit');
      server.kill('SIGTERM');
      await finished(server);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    base: string;
    people: Record<string, string>;
  }
}

export default async function setup(project: { provide: (key: 'base' | 'people', value: never) => void }): Promise<() => Promise<void>> {
  const served = await serve();
  project.provide('base', served.base as never);
  project.provide('people', served.people as never);
  return served.stop;
}
