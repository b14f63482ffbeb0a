import type { Matcher } from '../../../config/model/series.ts';

/** One timed scenario; all instants are seconds since its start. */
export interface Scenario {
  readonly name: string;
  /** An `alertmanager.yml`; each `%s` stands for the address of a collector, in their order. */
  readonly config: string;
  readonly collectors: readonly { readonly var: string; readonly name: string }[];
  readonly events: readonly Event[];
  readonly want: readonly Want[];
  readonly tolerance: number;
  readonly flags?: readonly string[];
  /** What a collector's address does not take: everything before an instant. */
  readonly webhook?: Readonly<Record<string, { readonly dropBefore?: number }>>;
}

export interface Event {
  readonly at: number;
  readonly push?: readonly WantedAlert[];
  readonly setSilence?: {
    readonly id: string;
    readonly matchers: readonly {
      readonly name: string;
      readonly value: string;
      readonly isRegex?: boolean;
      readonly isEqual?: boolean;
    }[];
    readonly startsAt: number;
    readonly endsAt: number;
  };
  readonly delSilence?: string;
  readonly reload?: boolean;
}

export interface WantedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: number;
  readonly endsAt?: number;
}

/** What a collector gets between two instants; nothing at all where it lists no alerts. */
export interface Want {
  readonly collector: string;
  readonly between: readonly [number, number];
  readonly alerts: readonly WantedAlert[];
}

/** Conditions of a silence as the scenario writes them. */
export function matchersOf({ matchers }: NonNullable<Event['setSilence']>): readonly Matcher[] {
  return matchers.map(({ name, value, isRegex = false, isEqual = true }) => {
    const op = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
    return { name, op, value };
  });
}
