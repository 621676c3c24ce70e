import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) };

/** The long ones first, so that neither of the two hands waits for the other at the end. */
const long = ['quarter', 'every', 'baddays', 'forms', 'states'].map((name) => `/${name}.test.ts`);
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rank = (f: TestSpecification) => {
      const at = long.findIndex((l) => f.moduleId.endsWith(l));
      return at < 0 ? long.length : at;
    };
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      { resolve: { alias }, test: { name: 'unit', include: ['src/**/*.test.{ts,tsx}'], environment: 'node', setupFiles: ['tests/page.ts'] } },
      { resolve: { alias }, test: { name: 'browser', include: ['tests/**/*.test.ts'], globalSetup: ['tests/server.ts'], testTimeout: 60_000, expect: { poll: { timeout: 60_000 } }, hookTimeout: 300_000, maxWorkers: 2 } },
      { resolve: { alias }, test: { name: 'shots', include: ['tests/shots/*.ts'], globalSetup: ['tests/server.ts'], hookTimeout: 60_000 } },
      { resolve: { alias }, test: { name: 'bench', include: ['tests/bench/*.ts'], globalSetup: ['tests/server.ts'], hookTimeout: 60_000 } },
    ],
  },
});
