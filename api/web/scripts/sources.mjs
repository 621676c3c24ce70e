// What the bundle is made of, as one digest: web_test.go takes the same one, so
// that a bundle that is older than its sources fails.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const single = ['index.html', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];
const folders = ['public', 'src'];
// Types leave no trace in the bundle, tests are not in it.
const left = (path) => path === 'src/api/schema.ts' || /\.test\.tsx?$/.test(path);

const below = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? below(join(folder, f.name)) : [join(folder, f.name)],
  );

export function digest() {
  const hash = createHash('sha256');
  for (const path of [...single, ...folders.flatMap(below)].filter((p) => !left(p)).sort()) {
    hash.update(createHash('sha256').update(readFileSync(path)).digest('hex') + '  ' + path + '\n');
  }
  return hash.digest('hex');
}
