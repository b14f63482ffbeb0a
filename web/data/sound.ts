import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { AlertView } from '../../config/model/api.ts';
import type { Severity } from '../../config/model/severity.ts';
import type { PageClock } from './page-clock.ts';
import type { Preferences } from './preferences.ts';
import { fingerprints, LOST_STRIKE, soundingSeverity, STRIKES, type Strike } from './sound-plan.ts';

/** What the sound button says. `quiet`: on, and nothing to sound for. */
export type SoundStatus = 'off' | 'unsupported' | 'blocked' | 'quiet' | 'sounding' | 'silenced';

export interface Sound {
  readonly status: ReadonlySignal<SoundStatus>;
  /** Only the tap of a person lets a browser sound. */
  enable(): Promise<void>;
  disable(): void;
  /** Stops the sound of the alerts that are there now; they stay, and a new one sounds. */
  silence(): void;
}

export interface SoundDeps {
  /** Absent where the browser cannot play sound. */
  readonly createContext: (() => AudioContext) | undefined;
  readonly alerts: ReadonlySignal<readonly AlertView[]>;
  /** Whether the collector has not been heard for too long: what alarms there are nobody knows. */
  readonly isLost: ReadonlySignal<boolean>;
  readonly preferences: Preferences;
  readonly clock: PageClock;
}

type Voice = Severity | 'lost';

const LOUDNESS = 0.18;
const EDGE_SECONDS = 0.02;

function strike(context: AudioContext, { tonesHz, toneMs }: Strike): void {
  const toneSeconds = toneMs / 1000;
  for (const [index, toneHz] of tonesHz.entries()) {
    const startSeconds = context.currentTime + index * toneSeconds;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = toneHz;
    loudness.gain.setValueAtTime(0, startSeconds);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, startSeconds + EDGE_SECONDS);
    loudness.gain.setValueAtTime(LOUDNESS, startSeconds + toneSeconds - EDGE_SECONDS * 2);
    loudness.gain.linearRampToValueAtTime(0, startSeconds + toneSeconds - EDGE_SECONDS);
    tone.connect(loudness).connect(context.destination);
    tone.start(startSeconds);
    tone.stop(startSeconds + toneSeconds);
  }
}

function statusOf(voice: Voice | undefined, isStopped: boolean): SoundStatus {
  if (voice !== undefined) return 'sounding';
  return isStopped ? 'silenced' : 'quiet';
}

export function createSound({ createContext, alerts, isLost, preferences, clock }: SoundDeps): Sound {
  const status = signal<SoundStatus>('off');
  const silenced = signal<ReadonlySet<string>>(new Set());
  const isAllowed = signal(false);
  let context: AudioContext | undefined;
  const isLossSilenced = signal(false);
  let playing: Voice | undefined;
  let struck: ReadonlySet<string> = new Set();
  let cancelRepeat = (): void => undefined;

  function play(voice: Voice): void {
    const plan = voice === 'lost' ? LOST_STRIKE : STRIKES[voice];
    if (plan === undefined || context === undefined) return;
    strike(context, plan);
    if (plan.repeatAfterMs !== undefined) cancelRepeat = clock.after(plan.repeatAfterMs, () => play(voice));
  }

  function follow(): SoundStatus {
    const present = alerts.value;
    const severity = soundingSeverity(present, silenced.value);
    const voice = isLost.value && !isLossSilenced.value ? 'lost' : severity;
    if (createContext === undefined) return 'unsupported';
    if (!preferences.wantsSound.value) return 'off';
    if (!isAllowed.value) return 'blocked';
    turnTo(voice, present);
    return statusOf(voice, isLost.value || (present.length > 0 && silenced.value.size > 0));
  }

  function turnTo(voice: Voice | undefined, present: readonly AlertView[]): void {
    const isNew = present.some((alert) => !struck.has(alert.fingerprint) && alert.severity === voice);
    struck = fingerprints(present);
    if (voice === playing && !isNew) return;
    cancelRepeat();
    playing = voice;
    if (voice !== undefined) play(voice);
  }

  function quieten(): void {
    cancelRepeat();
    playing = undefined;
  }

  effect(() => {
    // Who stopped it once hears it again the next time.
    if (!isLost.value) isLossSilenced.value = false;
  });
  effect(() => {
    status.value = follow();
    if (status.peek() !== 'sounding') quieten();
  });

  return {
    status,
    async enable() {
      preferences.wantsSound.value = createContext !== undefined;
      context ??= createContext?.();
      await context?.resume();
      isAllowed.value = context?.state === 'running';
    },
    disable: () => void (preferences.wantsSound.value = false),
    silence() {
      silenced.value = fingerprints(alerts.peek());
      isLossSilenced.value = isLost.peek();
    },
  };
}
