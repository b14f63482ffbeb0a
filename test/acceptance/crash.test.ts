import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { OutboxBody } from '../../config/model/api.ts';
import { askLine } from '../../config/runtime/line-socket.ts';
import { BEATS } from '../support/alarm-stage.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { freePort } from '../support/free-port.ts';
import { openMailbox, type ReceivedMail } from '../support/mailbox.ts';
import { descendantWith } from '../support/processes.ts';
import { signedIn } from '../support/signed-in.ts';
import { demoWith } from '../support/site-folder.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';

const ROUNDS = 3;
const WITHIN_MS = 60_000;

const notify = (port: number): string => `
smtp: { host: 127.0.0.1, port: ${port}, security: none, from: watchkeeper@room.example }
receivers:
  - { name: engineer, mail: [engineer@room.example], language: en }
`;

describe('a collector that is killed between the decision and the mail', async () => {
  const port = await freePort();
  const config = demoWith({ ...BEATS, 'notify.yaml': notify(port) });

  it('sends the mail after its restart, once', { timeout: 240_000 }, async () => {
    const data = folderWith();
    const program = await startWatchkeeper({ data, config, isDemoLogin: true });
    onTestFinished(async () => {
      await program.stop();
    });
    const reader = await signedIn(program);
    const waiting = async (): Promise<number> => {
      const { messages } = await reader.get<OutboxBody>('/api/outbox?limit=50');
      return messages.filter(({ state }) => state === 'waiting').length;
    };
    const play = (scenario: string): Promise<object> => askLine(join(data, 'lab.sock'), { scenario });
    const mails: ReceivedMail[] = [];
    const smokeMails = (): readonly ReceivedMail[] => mails.filter(({ subject }) => /smoke/i.test(subject));

    for (let round = 1; round <= ROUNDS; round += 1) {
      // Nobody listens where the mail should go: the decision falls, the message waits.
      await play('smoke');
      await eventually(async () => expect(await waiting()).toBe(1), WITHIN_MS);
      process.kill(descendantWith(program.process.pid ?? 0, 'collector-main.js'), 'SIGKILL');
      const mailbox = await openMailbox(port, mails);
      await eventually(() => expect(smokeMails()).toHaveLength(2 * round - 1), WITHIN_MS);
      await play('recover');
      await eventually(() => expect(smokeMails()).toHaveLength(2 * round), WITHIN_MS);
      expect(smokeMails().at(-1)?.subject).toMatch(/^\[Resolved\]/);
      await mailbox.close();
    }
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
  });
});
