import { useApp, useText } from '../app.ts';
import type { Sound, SoundStatus } from '../data/sound.ts';
import type { MessageKey } from '../i18n/words.ts';
import { Icon } from './icon.tsx';

interface Offer {
  readonly does: MessageKey;
  /** Shown beside the picture where a person should act. */
  readonly isLoud: boolean;
  act(sound: Sound): void;
}

const OFFERS: Readonly<Record<SoundStatus, Offer>> = {
  off: { does: 'sound.enable', isLoud: false, act: (sound) => void sound.enable() },
  unsupported: { does: 'sound.unsupported', isLoud: false, act: () => undefined },
  blocked: { does: 'sound.blocked', isLoud: true, act: (sound) => void sound.enable() },
  quiet: { does: 'sound.turn_off', isLoud: false, act: (sound) => sound.disable() },
  sounding: { does: 'sound.silence', isLoud: true, act: (sound) => sound.silence() },
  silenced: { does: 'sound.turn_off', isLoud: false, act: (sound) => sound.disable() },
};

/** What the sound does, in words. */
export const SOUND_STATES: Readonly<Record<SoundStatus, MessageKey>> = {
  off: 'sound.off',
  unsupported: 'sound.unsupported',
  blocked: 'sound.blocked',
  quiet: 'sound.on',
  sounding: 'sound.on',
  silenced: 'sound.silenced',
};

/** One button for the alarm sound: turn on, allow, stop, turn off, whichever is at hand. */
export function SoundButton() {
  const { sound } = useApp();
  const { t } = useText();
  const status = sound.status.value;
  const offer = OFFERS[status];
  const isOn = status === 'quiet' || status === 'sounding';
  return (
    <>
      <button
        type="button"
        class={offer.isLoud ? 'button sound-loud' : 'icon-button'}
        data-sound={status}
        aria-label={t(offer.does)}
        title={t(SOUND_STATES[status])}
        disabled={status === 'unsupported'}
        onClick={() => offer.act(sound)}
      >
        <Icon name={isOn ? 'sound-on' : 'sound-off'} />
        {offer.isLoud && <span class="sound-word">{t(offer.does)}</span>}
      </button>
      <span class="hidden" role="status">
        {status === 'off' ? '' : t(SOUND_STATES[status])}
      </span>
    </>
  );
}
