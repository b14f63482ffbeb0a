import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
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

export function useRefreshed<T>(ask: () => Promise<Answer<T>>): Refreshed<T> {
  const body = useSignal<T | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const read = async (): Promise<void> => {
    const answer = await ask();
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) body.value = answer.body;
  };
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return { body: body.value, refusal: refusal.value, retry: () => void read() };
}
