import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderWith } from './folder.ts';

/** Debian's Prometheus, which scrapes a page each second and writes what it read to us, until the test has finished. */
export function startPrometheus({
  program,
  pageUrl,
  writeUrl,
  token,
}: {
  readonly program: string;
  readonly pageUrl: string;
  readonly writeUrl: string;
  readonly token: string;
}): void {
  const config = `
global: { scrape_interval: 1s }
scrape_configs:
  - { job_name: room, static_configs: [{ targets: ['${new URL(pageUrl).host}'] }] }
remote_write:
  - url: '${writeUrl}'
    authorization: { credentials: '${token}' }
    queue_config: { batch_send_deadline: 100ms }
`;
  const folder = folderWith({ 'prometheus.yml': config });
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  });
}
