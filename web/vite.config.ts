import { defineConfig, type Plugin } from 'vite';

/** Service centres keep their PCs long: the browsers of 2022 must do. */
const OLDEST_BROWSERS = ['chrome105', 'firefox110', 'safari16'];

/** Codes that come late, and must be there without a connection: the service worker keeps what the page names. */
const FOR_OFFLINE = ['/qr/decode.js'];

const namedForOffline: Plugin = {
  name: 'named-for-offline',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      return Object.values(bundle)
        .filter((part) => part.type === 'chunk')
        .filter(({ facadeModuleId }) => FOR_OFFLINE.some((end) => facadeModuleId?.endsWith(end)))
        .map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'prefetch', as: 'script', href: `/${fileName}` },
          injectTo: 'head' as const,
        }));
    },
  },
};

export default defineConfig({
  plugins: [namedForOffline],
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
