import { createHash, X509Certificate } from 'node:crypto';
import { escaped, rootPage, ROOT_STYLE } from './root-page.ts';

/** One of the files that bring the root to PCs and phones. */
export interface RootFile {
  readonly type: string;
  readonly body: string | Buffer;
  /** The name that a browser saves it by. */
  readonly fileName?: string;
}

/** The page and what it links to. All of it is public: a root certificate is no secret. */
export const ROOT_PATHS = ['/root', '/root.crt', '/root.mobileconfig', '/root.css'] as const;
export type RootPath = (typeof ROOT_PATHS)[number];

export function isRootPath(path: string): path is RootPath {
  return ROOT_PATHS.some((known) => known === path);
}

/** A page that loads nothing but what is here; it is read before anything is trusted. */
export const ROOT_POLICY = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'";

/** `65:5D:…`, by which people compare it (SHA-256). */
export function fingerprintOf(root: string): string {
  return new X509Certificate(root).fingerprint256;
}

/** The file at a path; `host` is `NAME:PORT` as the one who asks may call this collector. */
export async function rootFile(root: string, path: RootPath, host: string): Promise<RootFile> {
  switch (path) {
    case '/root':
      return { type: 'text/html; charset=utf-8', body: await rootPage(fingerprintOf(root), host) };
    case '/root.css':
      return { type: 'text/css; charset=utf-8', body: ROOT_STYLE };
    case '/root.crt':
      return {
        type: 'application/x-x509-ca-cert',
        body: new X509Certificate(root).raw,
        fileName: 'watchkeeper-root.crt',
      };
    case '/root.mobileconfig':
      return {
        type: 'application/x-apple-aspen-config',
        body: appleProfile(root),
        fileName: 'watchkeeper-root.mobileconfig',
      };
    default:
      return path satisfies never;
  }
}

/** A profile that installs one root (Apple, Configuration Profile Reference: `com.apple.security.root`). */
function appleProfile(root: string): string {
  const { raw, subject } = new X509Certificate(root);
  const name = /CN=(.*)/.exec(subject)?.[1] ?? 'Watchkeeper root';
  const title = escaped(name);
  return `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>watchkeeper.root.certificate</string>
      <key>PayloadUUID</key><string>${uuidOf(raw, 'certificate')}</string>
      <key>PayloadDisplayName</key><string>${title}</string>
      <key>PayloadCertificateFileName</key><string>watchkeeper-root.crt</string>
      <key>PayloadContent</key><data>${raw.toString('base64')}</data>
    </dict>
  </array>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>watchkeeper.root</string>
  <key>PayloadUUID</key><string>${uuidOf(raw, 'profile')}</string>
  <key>PayloadDisplayName</key><string>${title}</string>
</dict>
</plist>
`;
}

/** The same for the same root, so that a phone replaces what it has. */
function uuidOf(raw: Buffer, part: string): string {
  const hex = createHash('sha256').update(raw).update(part).digest('hex').toUpperCase();
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
