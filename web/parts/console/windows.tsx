import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AlertView, ColleagueView } from '../../../config/model/api.ts';
import type { Site } from '../../../config/model/site.ts';
import { useApp, useText } from '../../app.ts';
import type { Acts } from '../../data/acts.ts';
import { AlertFacts } from '../alert-list.tsx';
import type { MessageKey } from '../../i18n/words.ts';
import { Dialog } from '../dialog.tsx';
import { sendByKey } from '../send-key.ts';
import { ClaimForm } from './claim-form.tsx';
import { SilenceForm } from './silence-form.tsx';

/** Which window lies over the console. */
export type ConsoleWindow = 'none' | 'claim' | 'silence' | 'note' | 'end' | 'offer' | 'response';

interface WindowProps {
  readonly alert: AlertView;
  readonly site: Site;
  readonly acts: Acts;
  readonly onClose: () => void;
}

interface WordsFormProps extends WindowProps {
  /** What is given, and the field of its input that takes the words. */
  readonly command: 'note-alert' | 'end-alert';
  readonly field: 'text' | 'reason';
  readonly label: MessageKey;
  readonly hint: MessageKey;
  readonly button: MessageKey;
}

function WordsForm({ alert, acts, onClose, command, field, label, hint, button }: WordsFormProps) {
  const { t } = useText();
  const text = useSignal('');
  return (
    <form
      class="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.give(command, { fingerprint: alert.fingerprint, [field]: text.value });
        onClose();
      }}
    >
      <label>
        {t(label)}
        <textarea
          rows={4}
          maxLength={1000}
          required
          autofocus
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={sendByKey}
        />
      </label>
      <p class="cell-note">{t(hint)}</p>
      <button type="submit" class="button button-main" disabled={text.value.trim() === ''}>
        {t(button)}
      </button>
    </form>
  );
}

const NOTE = {
  command: 'note-alert',
  field: 'text',
  label: 'note.text',
  hint: 'note.returns',
  button: 'act.note',
} as const;
const END = {
  command: 'end-alert',
  field: 'reason',
  label: 'end.reason',
  hint: 'end.hint',
  button: 'act.end',
} as const;

function OfferForm({ alert, acts, onClose }: WindowProps) {
  const { api, keeper } = useApp();
  const { t } = useText();
  const people = useSignal<readonly ColleagueView[]>([]);
  const to = useSignal('');
  const session = keeper.session.value;
  const own = session.kind === 'signed-in' ? session.account.name : '';
  useEffect(() => {
    void (async () => {
      const answer = await api.colleagues();
      if (answer.ok) people.value = answer.body.colleagues.filter(({ name }) => name !== own);
    })();
  }, [own]);
  return (
    <form
      class="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.give('offer-alert', { fingerprint: alert.fingerprint, to: to.value });
        onClose();
      }}
    >
      <label>
        {t('offer.to')}
        <select value={to.value} onChange={(event) => (to.value = event.currentTarget.value)} required>
          <option value="">—</option>
          {people.value.map(({ name, displayName }) => (
            <option key={name} value={name}>
              {`${displayName}（${name}）`}
            </option>
          ))}
        </select>
      </label>
      <p class="cell-note">{t('effect.answers_until_accepted')}</p>
      <button type="submit" class="button button-main" disabled={to.value === ''}>
        {t('act.offer')}
      </button>
    </form>
  );
}

/** The windows that a keystroke opens over the console. */
export function ConsoleWindows({ open, ...props }: WindowProps & { readonly open: ConsoleWindow }) {
  const { words, t } = useText();
  const { alert, site, acts, onClose } = props;
  switch (open) {
    case 'none':
      return null;
    case 'claim':
      return (
        <Dialog title={t('act.claim')} onClose={onClose}>
          <ClaimForm {...props} />
        </Dialog>
      );
    case 'silence':
      return (
        <Dialog title={t('silence.title')} onClose={onClose}>
          <SilenceForm labels={alert.labels} acts={acts} onClose={onClose} />
        </Dialog>
      );
    case 'note':
      return (
        <Dialog title={t('note.title')} onClose={onClose}>
          <WordsForm {...props} {...NOTE} />
        </Dialog>
      );
    case 'end':
      return (
        <Dialog title={t('end.title')} onClose={onClose}>
          <WordsForm {...props} {...END} />
        </Dialog>
      );
    case 'offer':
      return (
        <Dialog title={t('offer.title')} onClose={onClose}>
          <OfferForm {...props} />
        </Dialog>
      );
    case 'response':
      return (
        <Dialog title={words.local(alert.summary)} onClose={onClose}>
          <AlertFacts alert={alert} site={site} />
        </Dialog>
      );
    default:
      return open satisfies never;
  }
}
