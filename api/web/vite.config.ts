import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The server to develop against: `LEDGER=http://127.0.0.1:8080 npm run dev`.
const server = process.env.LEDGER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    { ...optimizeLocales.vite({ locales: ['zh-CN', 'en-US'] }), enforce: 'pre' },
    react(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows no data: addresses for scripts and fonts
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': server, '/openapi.json': server, '/readyz': server, '/names.txt': server } },
  preview: { proxy: { '/v1': server, '/openapi.json': server, '/readyz': server, '/names.txt': server } },
});
