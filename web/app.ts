import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Site } from '../config/model/site.ts';
import type { Api } from './data/api.ts';
import type { LiveConnection } from './data/live-connection.ts';
import type { LiveState } from './data/live-state.ts';
import type { PageClock } from './data/page-clock.ts';
import type { Preferences } from './data/preferences.ts';
import type { RoundsDesk } from './data/rounds/desk.ts';
import type { Router } from './data/router.ts';
import type { SessionKeeper } from './data/session.ts';
import type { Sound } from './data/sound.ts';
import { formatOf, type Format } from './i18n/format.ts';
import { wordsOf, type Words } from './i18n/words.ts';

/** Which window lies over the page. */
export type Overlay = 'none' | 'help' | 'lab';

/** What every part of the pages may use. Built once, in `main.tsx`. */
export interface App {
  readonly api: Api;
  readonly clock: PageClock;
  readonly router: Router;
  readonly rounds: RoundsDesk;
  readonly preferences: Preferences;
  readonly keeper: SessionKeeper;
  readonly live: LiveState;
  readonly link: LiveConnection;
  readonly sound: Sound;
  readonly words: ReadonlySignal<Words>;
  readonly format: ReadonlySignal<Format>;
  readonly isDark: ReadonlySignal<boolean>;
  /** Moves on each second. */
  readonly nowMs: ReadonlySignal<number>;
  /** The names of the open windows and the room last looked at: what outlives a change of page. */
  readonly overlay: { value: Overlay };
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('a part of the page stands outside of the app');
  return app;
}

/** The language in force, and how it writes; both follow a switch without a reload. */
export function useText(): { readonly words: Words; readonly format: Format; readonly t: Words['t'] } {
  const { words, format } = useApp();
  return { words: words.value, format: format.value, t: words.value.t };
}

/** The language that counts: what was chosen here, else the account's, else the browser's. */
export function languageSignals(
  preferences: Preferences,
  keeper: SessionKeeper,
  live: LiveState,
  fallback: Words['language'],
): Pick<App, 'words' | 'format'> {
  const language = computed(() => {
    const session = keeper.session.value;
    // The account of a demonstration is everybody's: its language is nobody's choice, and the page must not leap.
    const isOnesOwn = session.kind === 'signed-in' && !session.body.isDemonstration;
    const ofAccount = isOnesOwn ? session.account.language : undefined;
    return preferences.language.value ?? ofAccount ?? fallback;
  });
  const timeZone = computed(
    () => live.site.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  );
  return {
    words: computed(() => wordsOf(language.value)),
    format: computed(() => formatOf(language.value, timeZone.value)),
  };
}

export function createOverlay(): App['overlay'] {
  return signal<Overlay>('none');
}

/** The room that a page without one of its own stands for: the first. */
export function firstRoom(site: Site | undefined): string | undefined {
  return site?.rooms[0]?.id;
}
