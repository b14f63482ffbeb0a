/** Why a trap was not obeyed. */
export const TRAP_REFUSALS = [
  'unknown_source',
  'ambiguous_source',
  'wrong_version',
  'wrong_community',
  'unknown_user',
  'wrong_level',
  'wrong_password',
  'wrong_time',
  'replayed',
] as const;
export type TrapRefusal = (typeof TRAP_REFUSALS)[number];

/** A trap as a page shows it; the same again and again is one with a count. */
export interface TrapView {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly count: number;
  readonly version: '1' | '2c' | '3';
  readonly isInform: boolean;
  readonly oid: string;
  /** As its MIB calls it, where a profile knows. */
  readonly name?: string;
  /** Absent: it was obeyed. */
  readonly refusal?: TrapRefusal;
  /** Metrics that it set until the device was read. */
  readonly metrics: readonly string[];
  readonly varBinds: readonly { readonly oid: string; readonly value: string }[];
}

/** Somebody who sent traps and is no device of the site, or not one that they can be told from. */
export interface TrapSourceView {
  readonly address: string;
  readonly refusal: TrapRefusal;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** The latest trap; absent while none could be read. */
  readonly oid?: string;
  readonly name?: string;
}

/** `GET /traps` on the agent's page. */
export interface AgentTrapsBody {
  /** Where traps are heard; absent: nowhere. */
  readonly listen?: string;
  /** Why they are not heard there. */
  readonly fault?: string;
  /** Latest first. */
  readonly sources: readonly TrapSourceView[];
}
