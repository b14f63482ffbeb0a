import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Answer, Refusal } from '../data/api.ts';

const REFRESH_MS = 10_000;

/** What the collector answers, asked anew while one looks at it. */
export interface Refreshed<T> {
  /** The last answer; one that was refused since leaves it as it is. */
  readonly body: T | undefined;
  readonly refusal: Refusal | undefined;
  /** Asks at once. */
  readonly retry: () => void;
}

/**
 * @param version what the socket told of it: when that changes it is asked at once
 */
export function useRefreshed<T>(ask: () => Promise<Answer<T>>, version: unknown = ''): Refreshed<T> {
  const body = useSignal<T | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const asked = useRef(0);
  const shown = useRef(0);
  const read = async (): Promise<void> => {
    asked.current += 1;
    const number = asked.current;
    const answer = await ask();
    // One that was asked later has answered already: this one tells what was before.
    if (number < shown.current) return;
    shown.current = number;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) body.value = answer.body;
  };
  useEffect(() => {
    const timer = setInterval(() => void read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => void read(), [version]);
  return { body: body.value, refusal: refusal.value, retry: () => void read() };
}
