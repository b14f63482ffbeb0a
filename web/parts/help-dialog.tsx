import { SEVERITIES } from '../../config/model/severity.ts';
import { useApp, useText } from '../app.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icon.tsx';
import { SignMark } from './sign-mark.tsx';

const KEYS = [
  ['← ↑ ↓ →', 'help.key.arrows'],
  ['Enter', 'help.key.enter'],
  ['Esc', 'help.key.esc'],
  ['?', 'help.key.question'],
  ['J K', 'help.key.move'],
  ['A', 'help.key.claim'],
  ['S', 'help.key.silence'],
  ['N', 'help.key.note'],
  ['O', 'help.key.response'],
  ['W', 'help.key.why'],
  ['U', 'help.key.undo'],
] as const;

/** Opens the help; it stands in the same place on every page. */
export function HelpButton() {
  const { overlay } = useApp();
  const { t } = useText();
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={t('help.label')}
      title={t('help.label')}
      onClick={() => (overlay.value = 'help')}
    >
      <Icon name="help" />
    </button>
  );
}

/** The legend of shapes, and the keys. */
export function HelpDialog() {
  const { t } = useText();
  return (
    <Dialog title={t('help.title')}>
      <h3>{t('help.states')}</h3>
      <dl class="legend">
        {SEVERITIES.map((severity) => (
          <div key={severity}>
            <dt>
              <SignMark sign={severity} />
              {t(`severity.${severity}`)}
            </dt>
            <dd>{t(`help.severity.${severity}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <SignMark sign="major" isHeld />
            {t('state.held')}
          </dt>
          <dd>{t('help.state.held')}</dd>
        </div>
        {(['unknown', 'starting', 'ok'] as const).map((sign) => (
          <div key={sign}>
            <dt>
              <SignMark sign={sign} />
              {t(`state.${sign}`)}
            </dt>
            <dd>{t(`help.state.${sign}`)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('help.keys')}</h3>
      <dl class="legend">
        {KEYS.map(([keys, text]) => (
          <div key={text}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
