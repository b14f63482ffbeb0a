import type { Route } from './access.ts';

/**
 * Every command shows beforehand what it will do and to whom, is done on what was shown, tells what it did, and can be
 * taken back or made good for a while. `POST /api/commands/NAME` with one of `CommandRequest`.
 */

/** Each command is a line of the table of routes. */
export type CommandName = Route extends infer R
  ? R extends `POST /api/commands/${infer Name}`
    ? Name
    : never
  : never;

/** One thing that a command will do or has done, as data: each language words it by its code. */
export interface Effect {
  readonly code: EffectCode;
  readonly params?: Readonly<Record<string, string | number>>;
  /** A figure of this instant that moves on by itself: it is shown, and is no part of what is agreed to. */
  readonly isMoving?: true;
}

export const EFFECT_CODES = [
  'person_added',
  'person_changed',
  'person_unchanged',
  'people_added',
  'people_changed',
  'people_unchanged',
  'field_changed',
  'changed_meanwhile',
  'roles_changed',
  'several_posts',
  'administrators_combined',
  'person_disabled',
  'person_enabled',
  'people_disabled',
  'people_restored',
  'sessions_ended',
  'tokens_revoked',
  'slip_made',
  'slips_made',
  'emergency_code_made',
  'emergency_code_replaced',
  'second_factor_removed',
  'display_added',
  'token_added',
  'token_revoked',
  'token_restored',
  'agent_token_made',
  'agent_token_voided',
  'agent_shut_out',
  'agent_let_in',
  'unqualified',
  'sheet_fault',
  'claim_for',
  'claim_until',
  'claim_until_worse',
  'repeats_wait',
  'escalation_waits',
  'alert_is_nobodys',
  'alert_is_persons',
  'calls_begin_anew',
  'alert_ends',
  'alert_fires_anew',
  'alert_is_held',
  'alert_offered',
  'answers_until_accepted',
  'annotation_added',
  'annotation_removed',
  'note_left',
  'note_gone',
  'silence_until',
  'silence_over',
  'silence_reaches',
  'silence_firing',
  'silence_fired',
  'not_called',
  'danger_is_told',
  'danger_not_told',
  'approval_needed',
  'told_again',
  'chase_answered',
  'chase_waits',
  'chase_unanswered',
  'round_corrected',
  'round_stays',
  'round_accepted',
  'round_not_accepted',
  'round_signed',
  'round_is_watchs',
  'round_is_persons',
  'round_swap_offered',
  'round_swap_accepted',
  'round_swap_declined',
  'round_swap_withdrawn',
  'round_swap_reopened',
  'round_version',
  'round_field_kept',
  'round_field_replaced',
  'round_part_kept',
  'round_part_replaced',
  'round_retired',
  'rounds_begun_stay',
  'task_taken',
  'task_closed',
  'task_as_before',
  'place_code_ends',
  'test_sent',
  'test_kept',
  'test_says',
  'test_withdrawn',
  'watch_addendum',
  'watch_alerts_to',
  'watch_all_there',
  'watch_answered',
  'watch_asked',
  'watch_away',
  'watch_back',
  'watch_block_opened',
  'watch_both_sign',
  'watch_call_kept',
  'watch_duty_phone_kept',
  'watch_carried',
  'watch_checked_in',
  'watch_confirm_by',
  'watch_confirmed',
  'watch_corrected',
  'watch_for_good',
  'watch_item_done',
  'watch_item_of',
  'watch_late',
  'watch_leader_agrees',
  'watch_leader_signs',
  'watch_leader_told',
  'watch_leave_approved',
  'watch_leave_asked',
  'watch_leave_over',
  'watch_leave_refused',
  'watch_missing',
  'watch_moves',
  'watch_moves_alone',
  'watch_noted',
  'watch_on_call',
  'watch_post_empty',
  'watch_probe_answered',
  'watch_probe_plan',
  'watch_probed',
  'watch_relief_signs',
  'watch_returned',
  'watch_sheet_frozen',
  'watch_signed_once',
  'watch_stand_in_there',
  'watch_stays',
  'watch_transcribed',
  'watch_unqualified',
  'watch_withdrawn',
  'roster_gains',
  'roster_loses',
  'roster_more',
  'roster_looked_at',
  'roster_calendar_unknown',
  'roster_pattern_begins',
  'roster_pattern_ends',
  'roster_pattern_gone',
  'roster_pattern_restored',
  'roster_restored',
  'roster_sheet_column',
  'roster_sheet_day',
  'roster_sheet_shift',
  'roster_sheet_name',
  'roster_sheet_twice',
  'roster_sheet_empty',
  'roster_sheet_long',
  'swap_offered',
  'swap_accepted',
  'swap_approved',
  'swap_declined',
  'swap_withdrawn',
  'swap_refused',
  'swap_reopened',
  'absence_asked',
  'absence_approved',
  'absence_refused',
  'absence_withdrawn',
  'absence_restored',
  'feed_made',
  'feed_revoked',
  'feed_restored',
  'roster_gap_made',
  'roster_gap_mended',
  'roster_rest_made',
  'roster_rest_mended',
  'roster_twice_made',
  'roster_twice_mended',
  'roster_standby_made',
  'roster_standby_mended',
  'roster_unqualified_made',
  'roster_unqualified_mended',
  'roster_unknown_made',
  'roster_unknown_mended',
  'roster_expiring_made',
  'roster_expiring_mended',
] as const;
export type EffectCode = (typeof EFFECT_CODES)[number];

export type CommandRequest<Input> =
  | { readonly mode: 'preview'; readonly input: Input }
  /** `version` is that of the preview that was agreed to. */
  | { readonly mode: 'do'; readonly input: Input; readonly version: string }
  | { readonly mode: 'undo'; readonly token: string };

/** What a command would do. */
export interface CommandPreview {
  readonly effects: readonly Effect[];
  readonly version: string;
}

/** What a command did. */
export interface CommandDone<Result = unknown> {
  readonly effects: readonly Effect[];
  readonly result?: Result;
  /** Takes it back, until then. */
  readonly undo?: { readonly token: string; readonly endsAtMs: number };
}
