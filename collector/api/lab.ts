import { Type } from 'typebox';
import type { LabBody } from '../../config/model/api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { LAB_SCENARIOS } from '../../config/model/lab.ts';
import { askLine } from '../../config/runtime/line-socket.ts';
import { Closed, OneOf } from '../../config/schema/common.ts';
import { isOf } from '../../config/schema/validator.ts';
import type { ApiPlugin } from './api.ts';

const DEADLINE_MS = 3_000;

const LabAnswer = Type.Object({ active: Type.Array(Type.String()), scenarios: Type.Array(Type.String()) });

const ScenarioRequest = Closed(
  { scenario: OneOf([...LAB_SCENARIOS], 'What is to happen.') },
  'Makes something happen.',
);

export interface LabRoutesDeps {
  readonly isDemonstration: () => boolean;
  /** The socket of the lab in the data folder. */
  readonly socketPath: string;
}

/** The simulated room of a demonstration; a site of one's own has no such thing. */
export function labRoutes({ isDemonstration, socketPath }: LabRoutesDeps): ApiPlugin {
  const ask = (request: object): Promise<LabBody> => {
    if (!isDemonstration()) throw new WatchkeeperError('not_found', 'This is no demonstration.');
    return askLab(socketPath, request);
  };
  return (api) => {
    api.get('/api/lab', () => ask({ list: true }));
    api.post('/api/lab', { schema: { body: ScenarioRequest } }, ({ body }) =>
      ask({ scenario: body.scenario }),
    );
  };
}

async function askLab(path: string, request: object): Promise<LabBody> {
  let answer: object;
  try {
    answer = await askLine(path, request, DEADLINE_MS);
  } catch (error) {
    throw new WatchkeeperError('not_running', 'The lab cannot be reached.', { cause: error });
  }
  if (!isOf(LabAnswer, answer)) throw new WatchkeeperError('not_running', 'The lab refused the request.');
  return { active: answer.active, scenarios: answer.scenarios };
}
