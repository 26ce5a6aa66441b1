import { defineConfig } from 'vite';

/** `npm run console` builds the pages; `npm start` rebuilds them when their sources have changed. */
export default defineConfig({
  build: {
    outDir: '../.tenantry/console/latest',
    emptyOutDir: true,
    target: 'es2023',
    // The Content-Security-Policy allows only scripts and fonts that are separate files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      // Cloudscape's files have 'use client' directives, which only matter for server components.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
});
