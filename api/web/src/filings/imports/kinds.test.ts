import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importers, kinds } from './kinds';

test('a list is offered to whoever may import it, as the document of the API says, and to nobody else', () => {
  const doc = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, { post: { description: string } }> };
  for (const kind of kinds) {
    const roles = /Roles: (.*)\.$/.exec(doc.paths[`/v1/imports/${kind}`]?.post.description ?? '')?.[1]?.split(', ');
    expect([kind, roles]).toEqual([kind, importers[kind]]);
  }
});
