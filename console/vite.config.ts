import { defineConfig } from 'vite';

/** `npm run console` builds the pages; `npm start` does so by itself when they have changed. */
export default defineConfig({
  build: {
    outDir: '../.tenantry/console/latest',
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy allows no script and no font that is not a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      // Cloudscape's files say 'use client', which means something to server components only.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
});
