import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The collector serves what is made here, and carries it in its own package. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte()],
  build: {
    outDir: '../collector/dist/console',
    emptyOutDir: true,
    target: 'es2023',
    // Everything is a file of its own: the content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A test holds what is loaded first to 250 KB, compressed.
    chunkSizeWarningLimit: 1_000,
  },
});
