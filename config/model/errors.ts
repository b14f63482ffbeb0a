/**
 * Every code that an error of the product can carry, with what it means to the one who reacts to it. A test holds
 * the list against the code.
 */
export const ERROR_CODES = {
  config_invalid: 'The configuration has faults; nothing of it was put in force.',
  port_in_use: 'Another program listens on the address.',
  data_folder_unusable: 'The data folder cannot be written.',
  already_running: 'Another Watchkeeper uses the data folder.',
  not_running: 'No Watchkeeper runs on the data folder.',
  unauthenticated: 'Sign in first.',
  forbidden: 'The account may not do this.',
  wrong_credentials: 'Name or password is wrong, or the account is locked.',
  second_factor_required: 'The account asks for a code of its second factor.',
  proof_required: 'The person must prove anew that it is they.',
  setup_required: 'A password or a second factor must be chosen first.',
  too_many_requests: 'Too many attempts; try later.',
  bad_origin: 'The request came from another site.',
  https_required: 'Only HTTPS is spoken at this address.',
  invalid_request: 'The request has faults.',
  not_found: 'There is no such thing.',
  conflict: 'Somebody else changed it in between.',
  internal: 'The product failed; its log says why.',
  records_failed: 'The records could not be written or read.',
  backup_invalid: 'A backup is damaged, of another version, or its key does not fit.',
  backup_failed: 'No backup could be made.',
  outcome_unknown: 'Whether the write was kept is not known; look before doing it again.',
  snmp_malformed: 'A packet is not valid SNMP.',
  snmp_timeout: 'The device did not answer.',
  snmp_refused: 'The device does not let this user in.',
  exposition_invalid: 'A metrics page is not valid.',
  write_invalid: 'A pushed write is not valid.',
  body_too_large: 'The body of the request is larger than what is taken.',
  scrape_failed: 'A target could not be scraped.',
  query_invalid: 'The PromQL expression is not valid.',
  query_limit: 'The query asks for more than is allowed.',
  query_failed: 'The query could not be evaluated on this data.',
  engine_away: 'The engine that answers queries does not answer.',
  lab_unknown_scenario: 'The lab has no such scenario.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a code to react to, the words an operator needs, and its cause. */
export class WatchkeeperError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WatchkeeperError';
    this.code = code;
  }
}

/** What a caught thing says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
