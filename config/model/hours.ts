/** First and last, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Recurring hours, as Alertmanager's `time_interval`: an instant is within if each part that is stated has it. */
export interface Hours {
  /** Minutes of the day; the last is not included. */
  readonly minutes?: readonly Span[];
  /** 0 for Sunday … 6 for Saturday. */
  readonly weekdays?: readonly Span[];
  /** From 1; negative ones count from the end of the month, -1 for its last day. */
  readonly days?: readonly Span[];
  /** 1 for January … 12. */
  readonly months?: readonly Span[];
  readonly years?: readonly Span[];
  /** IANA name of the zone whose clock counts. */
  readonly zone: string;
}

/** Whether the system knows a zone of this name. */
export function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
