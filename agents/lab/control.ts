import { WatchkeeperError } from '../../config/model/errors.ts';
import { LAB_SCENARIOS } from '../../config/model/lab.ts';
import type { Lab } from './lab.ts';
import { isScenario } from './room/room.ts';

/** What the lab answers on its control socket. */
export interface LabAnswer {
  /** What goes on now. */
  readonly active: readonly string[];
  readonly scenarios: readonly string[];
}

/**
 * Does what a request on the control socket asks for: `{"scenario":"leak"}` or `{"list":true}`.
 * @throws {WatchkeeperError} `lab_unknown_scenario`, or `invalid_request` when it is neither.
 */
export function obey(lab: Pick<Lab, 'room' | 'play'>, request: unknown): LabAnswer {
  if (typeof request !== 'object' || request === null) throw unclear();
  if ('scenario' in request) play(lab, request.scenario);
  else if (!('list' in request && request.list === true)) throw unclear();
  return { active: lab.room().disturbances, scenarios: LAB_SCENARIOS };
}

function play(lab: Pick<Lab, 'play'>, scenario: unknown): void {
  if (!isScenario(scenario)) {
    throw new WatchkeeperError(
      'lab_unknown_scenario',
      `The lab has no scenario ${JSON.stringify(scenario)}; it has ${LAB_SCENARIOS.join(', ')}.`,
    );
  }
  lab.play(scenario);
}

function unclear(): WatchkeeperError {
  return new WatchkeeperError('invalid_request', 'The lab takes {"scenario":"NAME"} or {"list":true}.');
}
