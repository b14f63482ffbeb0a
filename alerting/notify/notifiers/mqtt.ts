import { readFileSync } from 'node:fs';
import { messageOf } from '../../../config/model/errors.ts';
import type { MqttBroker } from '../../../config/ways.ts';
import type { Notifier } from './notifier.ts';

const DEADLINE_MS = 10_000;

/** Publishes the JSON of the webhook at a broker with QoS 1: a broker's acknowledgement is what counts as taken. */
export function mqttNotifier(
  { url, user, password, caFile }: MqttBroker,
  deadlineMs = DEADLINE_MS,
): Notifier {
  return {
    name: 'mqtt',
    async send({ to, body = '', messageId }, signal) {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const { connect } = await import('mqtt');
      const client = connect(url, {
        // A connection of its own for each: what is left of one cannot hurt the next.
        clientId: `watchkeeper-${messageId.slice(0, 36)}`,
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: deadlineMs,
        protocolVersion: 4,
        ...(user === undefined ? {} : { username: user }),
        ...(password === undefined ? {} : { password: password.reveal() }),
        ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
      });
      try {
        await new Promise<void>((resolve, reject) => {
          ending.addEventListener('abort', () => reject(new Error('no acknowledgement in time')), {
            once: true,
          });
          if (ending.aborted) reject(new Error('stopped'));
          client.once('error', reject);
          client.once('close', () => reject(new Error('the broker closed the connection')));
          client.publish(to, body, { qos: 1 }, (error) => (error ? reject(error) : resolve()));
        });
        return { kind: 'accepted' };
      } catch (error) {
        return { kind: 'unreachable', reason: `${URL.parse(url)?.host ?? 'broker'}: ${messageOf(error)}` };
      } finally {
        client.on('error', () => undefined);
        client.end(true);
      }
    },
  };
}
