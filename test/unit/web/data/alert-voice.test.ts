import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { AlertView } from '../../../../config/model/api.ts';
import { announce, ANNOUNCE_EVERY_MS, startAnnouncer } from '../../../../web/data/announcer.ts';
import { LOSS_GRACE_MS, lossOf } from '../../../../web/data/loss.ts';
import type { Connection } from '../../../../web/data/live-connection.ts';
import { createPreferences } from '../../../../web/data/preferences.ts';
import { fingerprints, LOST_STRIKE, soundingSeverity, STRIKES } from '../../../../web/data/sound-plan.ts';
import { createSound } from '../../../../web/data/sound.ts';
import { firing } from '../../../support/live-entries.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const critical = firing('c', 'critical', 1);
const major = firing('m', 'major', 2);
const minor = firing('n', 'minor', 3);

describe('what a screen reader is told', () => {
  it('does not repeat what stood on the page when it opened', () => {
    expect(announce(startAnnouncer([critical]), [critical], 0).announcement).toBeUndefined();
  });

  it('is each new alert at once', () => {
    const { announcement } = announce(startAnnouncer([]), [critical], 0);
    expect(announcement).toEqual({ worst: critical, count: 1 });
  });

  it('is one sentence for all that come in a flood, with the worst of them', () => {
    const first = announce(startAnnouncer([]), [minor], 0);
    const second = announce(first.announcer, [minor, major], 100);
    const third = announce(second.announcer, [minor, major, critical], 200);
    expect([second.announcement, third.announcement]).toEqual([undefined, undefined]);
    const later = announce(third.announcer, [minor, major, critical], ANNOUNCE_EVERY_MS);
    expect(later.announcement).toEqual({ worst: critical, count: 2 });
    expect(announce(later.announcer, [minor, major, critical], 9e9).announcement).toBeUndefined();
  });

  it('is not what has gone again meanwhile', () => {
    const first = announce(startAnnouncer([]), [minor], 0);
    const second = announce(first.announcer, [minor, critical], 100);
    expect(announce(second.announcer, [minor], ANNOUNCE_EVERY_MS).announcement).toBeUndefined();
  });

  it('is an alert that comes back', () => {
    const gone = announce(startAnnouncer([critical]), [], 0);
    expect(announce(gone.announcer, [critical], 10).announcement?.count).toBe(1);
  });
});

describe('what sounds', () => {
  it('is the gravest alert that nobody has stopped', () => {
    expect(soundingSeverity([major, critical], new Set())).toBe('critical');
    expect(soundingSeverity([major, critical], fingerprints([critical]))).toBe('major');
    expect(soundingSeverity([major], fingerprints([major]))).toBeUndefined();
    expect(soundingSeverity([firing('i', 'info', 1)], new Set())).toBeUndefined();
  });

  it('repeats itself only where somebody must act', () => {
    expect(STRIKES.critical?.repeatAfterMs).toBeLessThan(STRIKES.major?.repeatAfterMs ?? 0);
    expect(STRIKES.minor?.repeatAfterMs).toBeUndefined();
  });
});

/** Enough of the browser's audio to count the tones. */
function fakeAudio() {
  const tones: number[] = [];
  const parameter = { value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
  const node = { connect: (next: unknown) => next };
  const audio = {
    state: 'suspended',
    currentTime: 0,
    destination: node,
    async resume() {
      if (audio.isAllowed) audio.state = 'running';
    },
    isAllowed: true,
    createOscillator() {
      const frequency = { value: 0 };
      return { ...node, frequency, start: () => tones.push(frequency.value), stop: () => undefined };
    },
    createGain: () => ({ ...node, gain: parameter }),
  };
  return { tones, audio, create: () => audio as unknown as AudioContext };
}

function soundWith(alerts: readonly AlertView[]) {
  const present = signal(alerts);
  const clock = { ...manualClock(), steadyMs: () => 0, hear: () => undefined };
  const preferences = createPreferences({ getItem: () => null, setItem: () => undefined });
  const { tones, audio, create } = fakeAudio();
  const isLost = signal(false);
  const sound = createSound({ createContext: create, alerts: present, isLost, preferences, clock });
  return { isLost, present, clock, preferences, tones, audio, sound };
}

describe("the watcher's heartbeat", () => {
  it('has stopped once nothing was heard for longer than a restart takes, whatever was tried meanwhile', async () => {
    const connection = signal<Connection>({ kind: 'connecting' });
    const clock = manualClock();
    const isLost = lossOf(connection, clock);
    connection.value = { kind: 'lost', retryAtMs: 1 };
    await clock.advance(LOSS_GRACE_MS - 1);
    connection.value = { kind: 'lost', retryAtMs: 2 };
    expect(isLost.value).toBe(false);
    await clock.advance(1);
    expect(isLost.value).toBe(true);
    connection.value = { kind: 'live' };
    expect(isLost.value).toBe(false);
    connection.value = { kind: 'lost', retryAtMs: 3 };
    await clock.advance(LOSS_GRACE_MS - 1);
    connection.value = { kind: 'live' };
    await clock.advance(60_000);
    expect(isLost.value).toBe(false);
  });
});

describe('the alarm sound', () => {
  it('is off until a person turns it on', async () => {
    const { sound, tones } = soundWith([critical]);
    expect(sound.status.value).toBe('off');
    expect(tones).toEqual([]);
    await sound.enable();
    expect(sound.status.value).toBe('sounding');
    expect(tones).toHaveLength(STRIKES.critical?.tonesHz.length ?? 0);
  });

  it('says when the browser does not allow it', async () => {
    const { sound, audio, tones } = soundWith([critical]);
    audio.isAllowed = false;
    await sound.enable();
    expect(sound.status.value).toBe('blocked');
    expect(tones).toEqual([]);
  });

  it('repeats until it is stopped; the alarm stays, and a new one sounds again', async () => {
    const { sound, clock, tones, present } = soundWith([critical]);
    await sound.enable();
    const strike = tones.length;
    await clock.advance(STRIKES.critical?.repeatAfterMs ?? 0);
    expect(tones).toHaveLength(2 * strike);
    sound.silence();
    expect(sound.status.value).toBe('silenced');
    await clock.advance(60_000);
    expect(tones).toHaveLength(2 * strike);
    present.value = [critical, firing('c2', 'critical', 9)];
    expect(sound.status.value).toBe('sounding');
    expect(tones).toHaveLength(3 * strike);
  });

  it('ends when the alarm ends', async () => {
    const { sound, clock, tones, present } = soundWith([critical]);
    await sound.enable();
    present.value = [];
    const soFar = tones.length;
    await clock.advance(60_000);
    expect(sound.status.value).toBe('quiet');
    expect(tones).toHaveLength(soFar);
  });

  it('is another when the collector is heard no more, until it is or somebody stops it', async () => {
    const { sound, clock, tones, isLost } = soundWith([minor]);
    await sound.enable();
    const before = tones.length;
    isLost.value = true;
    expect(tones.slice(before)).toEqual(LOST_STRIKE.tonesHz);
    await clock.advance(LOST_STRIKE.repeatAfterMs ?? 0);
    expect(tones.slice(before)).toEqual([...LOST_STRIKE.tonesHz, ...LOST_STRIKE.tonesHz]);
    sound.silence();
    expect(sound.status.value).toBe('silenced');
    const stopped = tones.length;
    await clock.advance(60_000);
    expect(tones).toHaveLength(stopped);
    isLost.value = false;
    isLost.value = true;
    expect(tones).toHaveLength(stopped + LOST_STRIKE.tonesHz.length);
  });

  it('can be turned off', async () => {
    const { sound, clock, tones } = soundWith([critical]);
    await sound.enable();
    sound.disable();
    const soFar = tones.length;
    await clock.advance(60_000);
    expect(sound.status.value).toBe('off');
    expect(tones).toHaveLength(soFar);
  });

  it('is honest where there is none', () => {
    const preferences = createPreferences({ getItem: () => null, setItem: () => undefined });
    const clock = { ...manualClock(), steadyMs: () => 0, hear: () => undefined };
    const isLost = signal(false);
    const sound = createSound({ createContext: undefined, alerts: signal([]), isLost, preferences, clock });
    expect(sound.status.value).toBe('unsupported');
  });
});
