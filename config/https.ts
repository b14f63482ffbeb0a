import { isEveryAddress, isLoopback, parseListen } from './model/listen.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** How the pages are secured. */
export type HttpsSettings =
  /** Plain; `isWished`: the file says so, on an address that others reach. */
  | { readonly kind: 'off'; readonly isWished: boolean }
  /** By a certificate of the site. */
  | { readonly kind: 'site'; readonly certFile: string; readonly keyFile: string }
  /** By one of the collector's own small authority. */
  | { readonly kind: 'own' };

type Env = Readonly<Record<string, string | undefined>>;

/** `HOST:PORT` of the pages. */
export function pagesListen(file: Pick<CollectorFile, 'listen'>, env: Env): string {
  return env['WATCHKEEPER_LISTEN'] ?? file.listen ?? '127.0.0.1:8480';
}

/** Plain on loopback unless the file says otherwise; anywhere else secured, unless the file says `off`. */
export function httpsSettings(https: CollectorFile['https'], listen: string): HttpsSettings {
  const isOnlyHere = isLoopback(parseListen(listen)?.host ?? '');
  if (https === 'off') return { kind: 'off', isWished: !isOnlyHere };
  if (https === 'always') return { kind: 'own' };
  if (https !== undefined) return { kind: 'site', certFile: https.cert_file, keyFile: https.key_file };
  return isOnlyHere ? { kind: 'off', isWished: false } : { kind: 'own' };
}

/** Plain pages stand behind a proxy, on the one address that it reaches them by: not on all of the machine. */
export function httpsFaults(file: YamlFile<CollectorFile>, env: Env): readonly Fault[] {
  const { https } = file.value ?? {};
  const listen = pagesListen(file.value ?? {}, env);
  if (https !== 'off' || !isEveryAddress(parseListen(listen)?.host ?? '')) return [];
  return [
    file.faultAt(['https'], `off needs a named address to listen on, such as 192.0.2.7:8480, not ${listen}`),
  ];
}
