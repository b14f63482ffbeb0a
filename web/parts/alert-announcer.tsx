import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import { useApp, useText } from '../app.ts';
import { announce, startAnnouncer, type Announcer } from '../data/announcer.ts';
import { signWord } from '../data/sign-word.ts';

/** Tells screen readers of new alerts; nothing of it is seen. */
export function AlertAnnouncer() {
  const { live, nowMs } = useApp();
  const { words, t } = useText();
  const text = useSignal('');
  const announcer = useRef<Announcer | undefined>(undefined);
  const alerts = live.alerts.value.filter(isActive);
  const now = nowMs.value;
  useEffect(() => {
    if (live.site.peek() === undefined) return;
    announcer.current ??= startAnnouncer(alerts);
    const next = announce(announcer.current, alerts, now);
    announcer.current = next.announcer;
    if (next.announcement === undefined) return;
    const { worst, count } = next.announcement;
    const params = { severity: signWord(worst.severity, words), summary: words.local(worst.summary) };
    text.value = count === 1 ? t('alerts.new', params) : t('alerts.new.many', { ...params, n: count });
  }, [alerts, now, live, words, t, text]);
  return (
    <div class="hidden" role="status" aria-live="polite">
      {text.value}
    </div>
  );
}
