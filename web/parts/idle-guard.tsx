import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { SessionBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { idleState } from '../data/idle.ts';
import { Dialog } from './dialog.tsx';

const TOLD_EACH_MS = 30_000;
/** One session is open in as many tabs as somebody likes: who is at one of them is at all. */
const CHANNEL = 'watchkeeper.touched';
const SHARED_EACH_MS = 500;

/**
 * Logs off who has not touched the page for long, and says so before. A screen on the wall is never logged off. It is
 * measured by the steady clock: a PC whose own is wrong by a day logs nobody off when the collector says what time it is.
 */
export function IdleGuard({ body }: { readonly body: SessionBody }) {
  const { api, keeper, clock, nowMs } = useApp();
  const { t, format } = useText();
  const touchedAtMs = useSignal(clock.steadyMs());
  const toldAtMs = useRef(clock.steadyMs());
  const channel = useRef<BroadcastChannel | undefined>(undefined);
  const sharedAtMs = useRef(-SHARED_EACH_MS);
  const touch = (): void => {
    const atMs = clock.steadyMs();
    touchedAtMs.value = atMs;
    if (atMs - sharedAtMs.current >= SHARED_EACH_MS) {
      sharedAtMs.current = atMs;
      channel.current?.postMessage('');
    }
    if (atMs - toldAtMs.current < Math.min(TOLD_EACH_MS, body.idleLogOffMs / 4)) return;
    toldAtMs.current = atMs;
    void api.touch();
  };
  useEffect(() => {
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const;
    const others = new BroadcastChannel(CHANNEL);
    others.onmessage = () => {
      touchedAtMs.value = clock.steadyMs();
    };
    channel.current = others;
    for (const kind of kinds) document.addEventListener(kind, touch);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, touch);
      others.close();
    };
  }, []);
  // Looked at anew each second.
  void nowMs.value;
  const state = idleState(touchedAtMs.value, clock.steadyMs(), body.idleLogOffMs);
  const isOver = state.kind === 'over';
  useEffect(() => {
    if (isOver) void keeper.signOut();
  }, [isOver, keeper]);
  if (state.kind !== 'warned') return null;
  const stay = (): void => {
    toldAtMs.current = -TOLD_EACH_MS;
    touch();
  };
  return (
    <Dialog title={t('idle.title')} onClose={stay}>
      <p role="alert">{t('idle.text', { age: format.age(state.leftMs) })}</p>
      <button type="button" class="button button-main" onClick={stay}>
        {t('idle.stay')}
      </button>
    </Dialog>
  );
}
