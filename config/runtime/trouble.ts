import type { Log } from './log.ts';

/** One kind of trouble that may go on: told when it begins and when it is over, in between only to who debugs. */
export interface Trouble {
  happened(fields: object): void;
  ended(): void;
}

export function createTrouble(
  log: Log,
  {
    level,
    begins,
    ends,
  }: { readonly level: 'error' | 'warn'; readonly begins: string; readonly ends: string },
): Trouble {
  let isOn = false;
  return {
    happened(fields) {
      log[isOn ? 'debug' : level](fields, begins);
      isOn = true;
    },
    ended() {
      if (isOn) log.info(ends);
      isOn = false;
    },
  };
}
