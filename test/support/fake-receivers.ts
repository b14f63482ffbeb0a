import type { ReceiversBody } from '../../config/model/receivers-api.ts';
import { SEVERITIES } from '../../config/model/severity.ts';

const HOUR_MS = 3_600_000;

/** A desk that is told, a modem that is down, and an address that refuses. */
export function receiversOf(nowMs: number): ReceiversBody {
  const shared = { language: 'zh-CN', severities: SEVERITIES, people: [], fallback: [] } as const;
  const error = 'mail.centre.example:587: 550 5.1.1 no such user';
  return {
    receivers: [
      {
        ...shared,
        name: 'desk',
        ways: [
          {
            id: 'mail[0]',
            kind: 'mail',
            to: 'duty-desk@centre.example',
            isReady: true,
            waiting: 0,
            lastSentAtMs: nowMs - HOUR_MS,
          },
          {
            id: 'webhook[0]',
            kind: 'webhook',
            to: 'hook.centre.example',
            isReady: true,
            waiting: 3,
            lastFailure: { createdAtMs: nowMs - 60_000, error: 'hook.centre.example: no answer within 10 s' },
          },
        ],
      },
      {
        ...shared,
        name: 'night',
        watch: 'operator',
        fallback: ['li.wei'],
        ways: [
          {
            id: 'li.wei/modem',
            kind: 'modem',
            to: '+8613800138000',
            person: 'li.wei',
            isReady: true,
            waiting: 1,
            down: { sinceMs: nowMs - HOUR_MS, reason: 'no network' },
          },
          {
            id: 'li.wei/mail',
            kind: 'mail',
            to: 'li@centre.example',
            person: 'li.wei',
            isReady: false,
            waiting: 0,
          },
        ],
      },
      { ...shared, name: 'head', people: ['wu'], ways: [] },
    ],
    bounced: [
      { kind: 'mail', to: 'gone@centre.example', receiver: 'desk', createdAtMs: nowMs - HOUR_MS, error },
    ],
  };
}
