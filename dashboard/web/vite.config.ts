import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Where the dashboard server listens while the page is developed with `vite`. */
const SERVER = process.env['TRAME_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first browsers with light-dark(): below them it would be rewritten into something that follows the
    // system only, and the switch of the page would do nothing.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Everything is its own file: the page's content security policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    // Its loader would be the only inline code of the page.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The protocol's schemas are built by calls; a page that wants only a constant of the same file must
      // not carry the schema library.
      treeshake: { manualPureFunctions: ['Type', 'literals', 'nullable', 'Compile'] },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: { '/api': SERVER, '/healthz': SERVER },
  },
});
