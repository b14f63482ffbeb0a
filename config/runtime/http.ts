import type * as Http from 'node:http';
import type * as Https from 'node:https';

/**
 * Node's HTTP. An `import` of it takes all that it has by name: with `WebSocket` a whole second client, which nobody here uses, and
 * some 10 MB of memory for good.
 */
export const http: typeof Http = process.getBuiltinModule('node:http');

/** HTTPS, loaded when first asked for: who speaks in the clear needs no TLS, which takes 4 MB. */
export function https(): typeof Https {
  return process.getBuiltinModule('node:https');
}
