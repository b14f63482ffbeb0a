import { defineConfig } from 'vite';

/** Service centres keep their PCs long: the browsers of 2022 must do. */
const OLDEST_BROWSERS = ['chrome105', 'firefox110', 'safari16'];

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: OLDEST_BROWSERS,
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy admits files of our own only: nothing may be turned into a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
