import { compilePattern } from '../../../config/runtime/regex.ts';
import type { SmsGateway } from '../../../config/ways.ts';
import type { Notifier } from './notifier.ts';
import { deliver, hostOf } from './post.ts';

/** Text messages by a gateway that is asked over HTTP, in whatever words it wants. */
export function smsNotifier(gateway: SmsGateway): Notifier {
  const { url, method, contentType, body, headers, accepted, timeoutMs, caFile } = gateway;
  const isTaken = accepted === undefined ? undefined : compilePattern(accepted);
  return {
    name: 'sms',
    send({ to, body: text = '', messageId }, signal) {
      const values = { phone: to, text };
      return deliver(
        {
          url: fill(url.reveal(), values, encodeURIComponent),
          method,
          timeoutMs,
          caFile,
          headers: {
            ...(body === undefined ? {} : { 'content-type': contentType }),
            'idempotency-key': messageId,
            ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
          },
          ...(body === undefined ? {} : { body: fill(body.reveal(), values, encoderOf(contentType)) }),
        },
        signal,
        // Many gateways answer 200 and say in the text that they did not take it.
        ({ text: answer }) =>
          isTaken === undefined || isTaken.isIn(answer)
            ? undefined
            : {
                kind: 'deferred',
                reason: `${hostOf(url.reveal())} did not take it: ${answer.slice(0, 200)}`,
              },
      );
    },
  };
}

/** The text of an alert cannot leave its place: what is put in is encoded for where it stands. */
function fill(
  template: string,
  values: { readonly phone: string; readonly text: string },
  encode: (value: string) => string,
): string {
  return template.replaceAll(/\{(phone|text)\}/g, (_whole, name: 'phone' | 'text') => encode(values[name]));
}

function encoderOf(contentType: SmsGateway['contentType']): (value: string) => string {
  return contentType === 'application/json'
    ? (value) => JSON.stringify(value).slice(1, -1)
    : encodeURIComponent;
}
