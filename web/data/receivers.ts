import type { ReceiverWayView } from '../../config/model/receivers-api.ts';
import type { MessageKey, Words } from '../i18n/words.ts';

/** How a way does: what is gravest of it. */
export type WayState = 'down' | 'kept' | 'waiting' | 'untried' | 'fine';

export function wayState({ down, isReady, waiting, lastSentAtMs }: ReceiverWayView): WayState {
  if (down !== undefined) return 'down';
  if (!isReady) return 'kept';
  if (waiting > 0) return 'waiting';
  return lastSentAtMs === undefined ? 'untried' : 'fine';
}

export const WAY_WORDS: ReadonlyMap<string, MessageKey> = new Map(
  (
    [
      'mail',
      'webhook',
      'sms',
      'modem',
      'ring',
      'wecom',
      'dingtalk',
      'feishu',
      'mqtt',
      'command',
      'alertmanager',
    ] as const
  ).map((kind) => [kind, `receivers.way.${kind}`]),
);

/** What people call a way; one that this version does not know keeps its own name. */
export function wayWord(kind: string, { t }: Pick<Words, 't'>): string {
  const key = WAY_WORDS.get(kind);
  return key === undefined ? kind : t(key);
}
