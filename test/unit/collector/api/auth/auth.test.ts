import { describe, expect, it } from 'vitest';
import { countAttempt, lockedUntilMs, LOCKS } from '../../../../../collector/api/auth/lockout.ts';
import { createPasswords } from '../../../../../collector/api/auth/passwords.ts';
import { sessionEndsAtMs } from '../../../../../collector/api/auth/sessions.ts';
import { createTurnstile } from '../../../../../collector/api/auth/turnstile.ts';

const RULES = LOCKS.nameAtAddress;

describe('the lock of a name', () => {
  it.each([
    [4, 0],
    [5, 30_000],
    [6, 60_000],
    [7, 120_000],
    [9, 480_000],
    [10, RULES.longestLockMs],
    [1_000_000, RULES.longestLockMs],
  ])('lasts after %i failures for %i ms', (failures, lockMs) => {
    expect(lockedUntilMs(RULES, { failures, lastAtMs: 1_000 })).toBe(1_000 + lockMs);
  });

  it('counts attempts before they are looked at, and none while it is closed', () => {
    const failed = { failures: 4, lastAtMs: 1_000 };
    const fifth = countAttempt(RULES, failed, 2_000);
    expect(fifth).toEqual({ failures: 5, lastAtMs: 2_000 });
    expect(countAttempt(RULES, { failures: 5, lastAtMs: 2_000 }, 31_999)).toBeUndefined();
    expect(countAttempt(RULES, { failures: 5, lastAtMs: 2_000 }, 32_000)).toEqual({
      failures: 6,
      lastAtMs: 32_000,
    });
  });

  it('begins anew after a day without an attempt', () => {
    const nowMs = 5_000 + RULES.forgottenMs;
    expect(countAttempt(RULES, { failures: 99, lastAtMs: 5_000 }, nowMs)).toEqual({
      failures: 1,
      lastAtMs: nowMs,
    });
  });

  it('stays closed when the clock was set back', () => {
    expect(countAttempt(RULES, { failures: 5, lastAtMs: 500_000 }, 10)).toBeUndefined();
  });

  it('locks nobody until the clock has caught up when it was set back', () => {
    expect(countAttempt(RULES, { failures: 1, lastAtMs: 500_000 }, 10)).toEqual({
      failures: 2,
      lastAtMs: 10,
    });
    expect(countAttempt(RULES, { failures: 5, lastAtMs: 9_000_000 }, 10)).toEqual({
      failures: 6,
      lastAtMs: 10,
    });
    expect(countAttempt(RULES, { failures: 6, lastAtMs: 10 }, 59_000)).toBeUndefined();
  });
});

it('ends a session after its last touch as the site says, a week after its begin at the latest, and that of a wall never', () => {
  const hourMs = 3_600_000;
  const account = { isDisplay: false };
  expect(sessionEndsAtMs({ createdAtMs: 0, usedAtMs: 0, account }, 8 * hourMs)).toBe(8 * hourMs);
  expect(sessionEndsAtMs({ createdAtMs: 0, usedAtMs: 100 * hourMs, account }, 8 * hourMs)).toBe(108 * hourMs);
  expect(sessionEndsAtMs({ createdAtMs: 0, usedAtMs: 167 * hourMs, account }, 8 * hourMs)).toBe(168 * hourMs);
  const wall = { createdAtMs: 0, usedAtMs: 0, account: { isDisplay: true } };
  expect(sessionEndsAtMs(wall, hourMs)).toBe(Infinity);
});

describe('a password', () => {
  it('is right in whatever way its letters were composed, and not in part', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('Zürich 机房 2026');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.isRight(hash, 'Zu\u0308rich 机房 2026')).toBe(true);
    expect(await passwords.isRight(hash, 'Zürich 机房 202')).toBe(false);
    expect(await passwords.hash('Zürich 机房 2026')).not.toBe(hash);
  });

  it('of nobody is never right and takes as long to find wrong as one of somebody', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('correct horse battery');
    const timeMs = async (of: string | undefined): Promise<number> => {
      const startMs = performance.now();
      expect(await passwords.isRight(of, 'wrong horse battery')).toBe(false);
      return performance.now() - startMs;
    };
    // In turns, and the quickest of each: what else the machine does makes single ones longer, none shorter.
    let [somebodyMs, nobodyMs] = [Infinity, Infinity];
    for (let round = 0; round < 5; round += 1) {
      somebodyMs = Math.min(somebodyMs, await timeMs(hash));
      nobodyMs = Math.min(nobodyMs, await timeMs(undefined));
    }
    expect(nobodyMs).toBeGreaterThan(somebodyMs / 3);
  });

  it('that cannot be compared is a fault of the records, not a wrong password', async () => {
    await expect(createPasswords().isRight('plain text', 'x')).rejects.toMatchObject({
      code: 'records_failed',
    });
  });

  it('is hashed while the rest of the program goes on', async () => {
    const passwords = createPasswords();
    const hashing = new AbortController();
    const done = Promise.all(['a', 'b', 'c', 'd'].map((text) => passwords.hash(text))).finally(() =>
      hashing.abort(),
    );
    let turns = 0;
    for (; !hashing.signal.aborted; turns += 1) await new Promise((next) => setImmediate(next));
    await done;
    expect(turns).toBeGreaterThan(20);
  });
});

describe('the turnstile', () => {
  /** A task that ends when it is told to. */
  const task = () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    return { end, run: () => ended };
  };

  it('lets so many in at once, the next in order, and turns away who comes to a full queue', async () => {
    const turnstile = createTurnstile({ atOnce: 2, maxWaiting: 1 });
    const tasks = [task(), task(), task()];
    const began: number[] = [];
    const passed = tasks.map(({ run }, index) =>
      turnstile.pass(() => {
        began.push(index);
        return run();
      }),
    );
    await expect(turnstile.pass(async () => {})).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(began).toEqual([0, 1]);
    tasks[1]?.end();
    await passed[1];
    await new Promise((next) => setImmediate(next));
    expect(began).toEqual([0, 1, 2]);
    for (const { end } of tasks) end();
    await Promise.all(passed);
  });

  it('goes on after a task that failed', async () => {
    const turnstile = createTurnstile({ atOnce: 1, maxWaiting: 1 });
    await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.pass(async () => 'next')).toBe('next');
  });
});
