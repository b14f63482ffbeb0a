import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a program and PostgreSQL, and breaks what is between them at a chosen word. */
export interface PostgresProxy {
  readonly port: number;
  /** The connection that next says this word breaks: before PostgreSQL hears it, or before its answer is heard. */
  breakAt(word: string, when: 'before' | 'after'): void;
  /** As while PostgreSQL restarts: what is open breaks, and nobody answers. */
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
}

export async function postgresProxy(target: { host: string; port: number }): Promise<PostgresProxy> {
  const open = new Set<Socket>();
  let trap: { word: string; when: 'before' | 'after' } | undefined;
  let isAway = false;
  const server = createServer((client) => {
    if (isAway) {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    let isDeaf = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (bytes) => {
      if (trap === undefined || !bytes.includes(trap.word)) {
        upstream.write(bytes);
        return;
      }
      const { when } = trap;
      trap = undefined;
      if (when === 'before') {
        end();
        return;
      }
      isDeaf = true;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // It has answered, so it has done it; the program never hears.
      if (isDeaf) end();
      else client.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    breakAt(word, when) {
      trap = { word, when };
    },
    goAway() {
      isAway = true;
      breakAll();
    },
    comeBack() {
      isAway = false;
    },
    async stop() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
