import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer, Refusal } from '../data/api.ts';

/** What the collector answers, asked once for each key; `useRefreshed` asks again and again. */
export interface Asked<T> {
  readonly body: T | undefined;
  readonly refusal: Refusal | undefined;
  /** Asks anew; what is there stays until the answer has come. */
  readonly read: () => Promise<void>;
}

export function useAsked<T>(ask: () => Promise<Answer<T>>, key = ''): Asked<T> {
  const body = useSignal<T | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const read = async (): Promise<void> => {
    const answer = await ask();
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) body.value = answer.body;
  };
  useEffect(() => void read(), [key]);
  return { body: body.value, refusal: refusal.value, read };
}
