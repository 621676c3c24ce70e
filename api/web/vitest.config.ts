import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) };

export default defineConfig({
  test: {
    projects: [
      { resolve: { alias }, test: { name: 'unit', include: ['src/**/*.test.{ts,tsx}'], environment: 'node', setupFiles: ['tests/page.ts'] } },
      { resolve: { alias }, test: { name: 'browser', include: ['tests/**/*.test.ts'], globalSetup: ['tests/server.ts'], testTimeout: 60_000, expect: { poll: { timeout: 60_000 } }, hookTimeout: 300_000, maxWorkers: 2 } },
      { resolve: { alias }, test: { name: 'shots', include: ['tests/shots/*.ts'], globalSetup: ['tests/server.ts'], hookTimeout: 60_000 } },
      { resolve: { alias }, test: { name: 'bench', include: ['tests/bench/*.ts'], globalSetup: ['tests/server.ts'], hookTimeout: 60_000 } },
    ],
  },
});
