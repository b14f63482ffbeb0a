import type { NotifySettings, Way } from '../../config/notify.ts';
import type { NewMessage } from '../ports.ts';
import type { NotifyGroup } from './groups.ts';
import { renderMessage, type MessageSetting } from './message.ts';
import { webhookBody } from './webhook-body.ts';

/** What a message says in each form that its channel sends or a page shows. */
export type Rendered = Pick<NewMessage, 'subject' | 'text' | 'html' | 'body'>;

/** How messages of one kind of way are made. How they leave is its notifier's. */
export interface Channel<W extends Way> {
  render(group: NotifyGroup, setting: ChannelSetting): Rendered;
  /** The address as pages may show it: no secret. */
  addressOf(way: W): string;
  /** Whether there is a way out for it; without one its messages are kept to be read on the page. */
  isReady(notify: NotifySettings): boolean;
}

export interface ChannelSetting extends MessageSetting {
  /** Name of the receiver. */
  readonly receiver: string;
}

type Channels = { readonly [K in Way['kind']]: Channel<Way> };

function channel<K extends Way['kind']>(kind: K, made: Channel<Extract<Way, { kind: K }>>): Channel<Way> {
  return {
    ...made,
    addressOf: (way) => (way.kind === kind ? made.addressOf(way as Extract<Way, { kind: K }>) : ''),
  };
}

function textOf({ alerts }: NotifyGroup, setting: ChannelSetting): Rendered {
  return renderMessage(
    alerts.map(({ alert }) => alert),
    setting,
  );
}

/** Every kind of way. */
export const CHANNELS: Channels = {
  mail: channel('mail', {
    render: textOf,
    addressOf: ({ address }) => address,
    isReady: ({ smtp }) => smtp !== undefined,
  }),
  webhook: channel('webhook', {
    render: (group, setting) => ({ ...textOf(group, setting), body: webhookBody(group, setting) }),
    addressOf: ({ url }) => URL.parse(url.reveal())?.host ?? '',
    isReady: () => true,
  }),
};
