import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { DueView } from '../../../config/model/round-api.ts';
import { useApp, useText } from '../../app.ts';
import { textIn } from '../../data/form.ts';
import { useAsked } from '../asked.ts';
import { ColleagueOptions } from '../colleague-options.tsx';
import { CommandDialog } from '../command-dialog.tsx';
import { Dialog } from '../dialog.tsx';

/** Gives a due round to somebody by name. */
export function HandOn({ due, onClose }: { readonly due: DueView; readonly onClose: () => void }) {
  const { api } = useApp();
  const { t } = useText();
  const { body } = useAsked(() => api.colleagues());
  const chosen = useSignal<string | undefined>(undefined);
  const id = useId();
  if (chosen.value !== undefined)
    return (
      <CommandDialog
        name="assign-round"
        title={t('rounds.hand_on')}
        input={{ due: due.id, ...(chosen.value === '' ? {} : { account: chosen.value }) }}
        onClose={onClose}
      />
    );
  return (
    <Dialog title={t('rounds.hand_on')} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          chosen.value = textIn(new FormData(event.currentTarget), 'account');
        }}
      >
        <div class="field">
          <label for={id}>{t('rounds.hand_on.to')}</label>
          <select id={id} name="account">
            <option value="">{t('rounds.hand_on.watch')}</option>
            <ColleagueOptions people={body?.colleagues} />
          </select>
        </div>
        <button type="submit" class="button button-main">
          {t('rounds.hand_on')}
        </button>
      </form>
    </Dialog>
  );
}
