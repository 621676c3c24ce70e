import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// A field is named as the server names it: what the document says of it is checked while one
// types, and a refusal stands at it. What a field is called otherwise says so here, and why.
const otherwise: Record<string, string> = {
  'Acts.tsx at': 'the moment of a deadline, which is sent as the value',
  'Receive.tsx how': 'whether the payer named charges, which are sent if so',
  'Acts.tsx how': 'whether the payer named charges, which are sent if so',
  'Decide.tsx file': 'a file among the evidence',
};

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}
const doc = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, { post?: { parameters?: { name: string; in: string }[]; requestBody?: { content: Record<string, { schema: Schema }> } } }>;
  components: { schemas: Record<string, Schema> };
};
const follow = (s: Schema | undefined): Schema => (s?.$ref ? follow(doc.components.schemas[s.$ref.split('/').at(-1) ?? '']) : (s ?? {}));

/** The names that a command knows: of its address, its body, and what lies in that. */
function known(command: string): Set<string> {
  const post = doc.paths[command]?.post;
  const within = (s: Schema, before: string): string[] =>
    Object.entries(follow(s).properties ?? {}).flatMap(([name, of]) => [`${before}${name}`, ...within(of, `${before}${name}.`)]);
  return new Set([...(post?.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name), ...within(post?.requestBody?.content['application/json']?.schema ?? {}, '')]);
}

const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? sources(join(folder, f.name)) : /\.tsx$/.test(f.name) ? [join(folder, f.name)] : []));

test('every field of a form is named as its command names it', () => {
  const strange: string[] = [];
  let fields = 0;
  for (const path of sources('src').filter((p) => !p.endsWith('Showroom.tsx'))) {
    const text = readFileSync(path, 'utf8');
    for (const [, command = '', inside = ''] of text.matchAll(/<Form\b[^]*?command="([^"]+)"([^]*?)<\/Form>/g))
      for (const [, name = ''] of inside.matchAll(/<(?:\w*Field|Lines|Head)\b[^>]*? (?:name|number|day)="([^"]+)"/g)) {
        fields++;
        if (!known(command).has(name) && !otherwise[`${path.split('/').at(-1)} ${name}`]) strange.push(`${path}: ${name} is no field of ${command}`);
      }
  }
  expect(fields).toBeGreaterThan(100);
  expect(strange).toEqual([]);
});
