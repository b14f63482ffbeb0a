import { createSocket } from 'node:dgram';
import { expect, it, onTestFinished } from 'vitest';
import { startLab } from '../../../../agents/lab/lab.ts';
import { openCommunityTrap } from '../../../../agents/traps/notification.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

it('a simulated UPS reports at once that it is on battery, and that it no longer is, from where it answers', async () => {
  const heard: { oid: string | undefined; port: number }[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (packet, { port }) => {
    heard.push({ oid: openCommunityTrap(packet).notification.oids[0], port });
  });
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  onTestFinished(() => new Promise<void>((closed) => socket.close(() => closed())));
  const clock = manualClock();
  const lab = await startLab({
    clock,
    log: silentLog(),
    devices: ['ups-a'],
    trapPort: socket.address().port,
  });
  onTestFinished(() => lab.stop());
  const port = Number(lab.addresses['ups-a']?.split(':')[1]);

  lab.play('mains-failure');
  await eventually(() => expect(heard).toHaveLength(2));
  expect(heard).toEqual([
    { oid: '1.3.6.1.2.1.33.2.1', port },
    { oid: '1.3.6.1.2.1.33.2.3', port },
  ]);
  lab.play('recover');
  for (let second = 0; second < 60 && heard.length < 3; second += 1) await clock.advance(1_000);
  await eventually(() => expect(heard.at(-1)).toEqual({ oid: '1.3.6.1.2.1.33.2.4', port }));
});
