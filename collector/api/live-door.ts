import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { http } from '../../config/runtime/http.ts';
import type { Log } from '../../config/runtime/log.ts';
import { requireOwnHost, requireOwnOrigin, signedInBy, type Door } from './access.ts';
import type { SignedIn } from './auth/sessions.ts';
import type { OwnSite } from './own-site.ts';
import { refusalOf } from './refusals.ts';

const LIVE_PATH = '/api/live';

/** Who takes the connections of the live socket that were let in. */
export interface LiveEntrance {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, signedIn: SignedIn): void;
}

interface LiveDoorDeps {
  readonly site: OwnSite;
  readonly door: Door;
  readonly live: LiveEntrance;
  readonly log: Log;
}

/** Lets a connection change to a WebSocket only for a page of ours with somebody signed in behind it. */
export function guardUpgrades({ site, door, live, log }: LiveDoorDeps) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A peer that leaves while it is looked at is no matter of ours.
    const onError = (): void => {
      socket.destroy();
    };
    socket.on('error', onError);
    admit(request, site, door).then(
      (signedIn) => {
        socket.off('error', onError);
        live.accept(request, socket, head, signedIn);
      },
      (error: unknown) => refuse(socket, error, log),
    );
  };
}

async function admit(
  { url, headers, socket }: IncomingMessage,
  site: OwnSite,
  door: Door,
): Promise<SignedIn> {
  requireOwnHost(headers, site);
  requireOwnOrigin(headers, site);
  if (URL.parse(url ?? '', 'http://localhost')?.pathname !== LIVE_PATH) {
    throw new WatchkeeperError('not_found', 'There is no socket at this address.');
  }
  const signedIn = await signedInBy(headers, door, socket.remoteAddress);
  if (signedIn === undefined) throw new WatchkeeperError('unauthenticated', 'Sign in first.');
  if (signedIn.setup !== undefined) {
    throw new WatchkeeperError('setup_required', 'Choose a password and a second factor first.');
  }
  return signedIn;
}

function refuse(socket: Duplex, error: unknown, log: Log): void {
  const { status, body } = refusalOf(error);
  if (status >= 500) log.error({ err: error }, 'live connection failed');
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    () => socket.destroy(),
  );
}
