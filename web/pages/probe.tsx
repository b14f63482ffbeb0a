import { useSignal } from '@preact/signals';
import { useApp, useText } from '../app.ts';

/** The link of a mail: opening it does nothing, its one button answers the call. Nobody has to be signed in. */
export function ProbePage({ token }: { readonly token: string }) {
  const { api } = useApp();
  const { t } = useText();
  const state = useSignal<'asked' | 'answered' | 'over'>('asked');
  const answer = async (): Promise<void> => {
    state.value = (await api.watch.answerProbe(token)).ok ? 'answered' : 'over';
  };
  return (
    <main id="main" class="page probe-page">
      <h1>{t('probe.title')}</h1>
      <p role="status">
        {t(
          state.value === 'asked'
            ? 'probe.detail'
            : state.value === 'answered'
              ? 'probe.thanks'
              : 'probe.over',
        )}
      </p>
      {state.value === 'asked' && (
        <button type="button" class="button button-main" onClick={() => void answer()}>
          {t('probe.answer')}
        </button>
      )}
    </main>
  );
}
