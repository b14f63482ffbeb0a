import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../config/model/api.ts';
import type { CommandPreview } from '../../config/model/command.ts';
import { WatchkeeperError, type ErrorCode } from '../../config/model/errors.ts';
import type { Log } from '../../config/runtime/log.ts';
import { WatchRefusedError } from '../duty/watch/refused.ts';
import { RecordChangedError } from '../records/failures.ts';
import { formatPath, tellFaults, type SchemaError } from '../../config/schema-faults.ts';

/** A body more of whose fields are wrong is not told all of them. */
const MAX_FAULTS = 50;

const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  wrong_credentials: 401,
  second_factor_required: 401,
  forbidden: 403,
  proof_required: 403,
  setup_required: 403,
  bad_origin: 403,
  https_required: 403,
  not_found: 404,
  conflict: 409,
  config_invalid: 422,
  invalid_request: 400,
  query_invalid: 400,
  query_limit: 422,
  query_failed: 422,
  engine_away: 503,
  lab_unknown_scenario: 404,
  too_many_requests: 429,
  not_running: 503,
  records_failed: 503,
  write_invalid: 400,
  body_too_large: 413,
  outcome_unknown: 503,
  scrape_failed: 502,
};

/** A request whose fields are wrong in a way that its schema cannot say. */
export class InvalidRequestError extends WatchkeeperError {
  readonly faults: NonNullable<ErrorBody['faults']>;

  constructor(faults: NonNullable<ErrorBody['faults']>) {
    super('invalid_request', 'The request has faults.');
    this.name = 'InvalidRequestError';
    this.faults = faults;
  }
}

/** A command would do something else by now than what was agreed to. */
export class PlanChangedError extends WatchkeeperError {
  /** What it would do now. */
  readonly preview: CommandPreview;

  constructor(preview: CommandPreview) {
    super('conflict', 'Something has changed since this was shown; look at what it would do now.');
    this.name = 'PlanChangedError';
    this.preview = preview;
  }
}

/** What a caller is told of an error: our own words where there are some, nothing from inside where there are none. */
export function refusalOf(error: unknown): { readonly status: number; readonly body: ErrorBody } {
  if (error instanceof InvalidRequestError) {
    return { status: 400, body: { code: error.code, message: error.message, faults: error.faults } };
  }
  if (error instanceof RecordChangedError) {
    const { code, message, present } = error;
    return { status: 409, body: { code, message, present } };
  }
  if (error instanceof PlanChangedError) {
    const { code, message, preview } = error;
    return { status: 409, body: { code, message, preview } };
  }
  if (error instanceof WatchRefusedError) {
    const { code, message, refusal } = error;
    return { status: 409, body: { code, message, faults: [{ path: 'refusal', message: refusal }] } };
  }
  if (error instanceof WatchkeeperError) {
    return { status: STATUS[error.code] ?? 500, body: { code: error.code, message: error.message } };
  }
  if (isHttpError(error)) return frameworkRefusal(error);
  return { status: 500, body: { code: 'internal', message: 'The product failed; its log says why.' } };
}

/** Finishes every error that a route throws: the caller gets a refusal, the log what is a matter of ours. */
export function refuseWith(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, body } = refusalOf(error);
    if (status >= 500) {
      const { method, url } = request.routeOptions;
      log.error({ err: error, method, route: url }, 'request failed');
    }
    return reply.code(status).send(body);
  };
}

type HttpError = FastifyError & { readonly statusCode: number };

/** An error of the framework that is the caller's: a body too large, not JSON, against its schema. */
function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

function frameworkRefusal(error: HttpError): { readonly status: number; readonly body: ErrorBody } {
  const { statusCode: status, validation, validationContext: part = 'body', message } = error;
  if (validation === undefined) return { status, body: { code: 'invalid_request', message } };
  const faults = tellFaults(validation as unknown as readonly SchemaError[], undefined)
    .slice(0, MAX_FAULTS)
    .map(({ path, message: text }) => ({ path: formatPath(path), message: text }));
  return {
    status,
    body: { code: 'invalid_request', message: `The ${part} of the request has faults.`, faults },
  };
}
