import { randomUUID } from 'node:crypto';
import type { NotifySettings } from '../config/notify.ts';
import type { Site } from '../config/model/site.ts';
import { domainOf } from './notify/decide.ts';
import { escapeHtml } from './notify/html.ts';
import { mailNotifier } from './notify/notifiers/mail.ts';
import type { Delivery } from './notify/notifiers/notifier.ts';
import { formatInstant } from './notify/quantity.ts';

/** The subject is always the same, so that a mailbox can wait for it. */
function subjectOf({ name }: Pick<Site, 'name'>): string {
  return `Watchkeeper heartbeat: ${name.en}`;
}

function textOf({ name, timeZone }: Pick<Site, 'name' | 'timeZone'>, everyMs: number, nowMs: number): string {
  const minutes = String(Math.round(everyMs / 60_000));
  const at = `${formatInstant(nowMs, timeZone)} ${timeZone}`;
  return [
    `${name.en}: alerts are judged, kept and told (${at}). The next mail like this comes within ${minutes} minutes. If none comes, Watchkeeper has stopped: look after it.`,
    `${name['zh-CN']}：告警的判断、保存和通知均正常（${at}）。${minutes} 分钟内会再次收到此邮件；如未收到，说明值守系统已停止，请立即检查。`,
    '',
  ].join('\n\n');
}

/** Says by mail that the watcher is at work. Past the outbox: one that comes late would say what is not so. */
export async function mailHeartbeat(
  { notify, site }: { readonly notify: NotifySettings; readonly site: Site },
  { to, everyMs, nowMs }: { readonly to: string; readonly everyMs: number; readonly nowMs: number },
  signal: AbortSignal,
): Promise<Delivery> {
  if (notify.smtp === undefined) return { kind: 'unreachable', reason: 'no mail server is set' };
  const text = textOf(site, everyMs, nowMs);
  return mailNotifier(notify.smtp).send(
    {
      id: 0,
      messageId: `${randomUUID()}@${domainOf({ notify })}`,
      createdAtMs: nowMs,
      receiver: 'heartbeat',
      way: 'mail',
      channel: 'mail',
      to,
      subject: subjectOf(site),
      text,
      html: `<pre style="white-space:pre-wrap;font-family:inherit">${escapeHtml(text)}</pre>`,
      alerts: [],
      state: 'waiting',
      attempts: 0,
    },
    signal,
  );
}
