import { Type } from 'typebox';
import type { PeopleBody, TokensBody } from '../../config/model/api.ts';
import { ROLES } from '../../config/model/account.ts';
import { Closed, OneOf } from '../../config/schema/common.ts';
import { emptyPeopleWorkbook } from '../duty/people/workbook.ts';
import { findPeople } from '../records/people.ts';
import { accessTokens } from '../records/sign-in-secrets.ts';
import type { ApiPlugin } from './api.ts';
import {
  disablePerson,
  enablePerson,
  makeEmergencyCode,
  makePersonSlip,
  resetSecondFactor,
} from './people/access-commands.ts';
import { importPeople } from './people/import-command.ts';
import { requirePerson, type PeopleDeps } from './people/people-deps.ts';
import { addPerson, editPerson, setRoles } from './people/person-commands.ts';
import { PersonId } from './people/person-schema.ts';
import { addDisplay, addToken, revokeToken } from './people/token-commands.ts';

const PeopleQuery = Closed(
  {
    search: Type.Optional(Type.String({ maxLength: 100 })),
    role: Type.Optional(OneOf(ROLES, 'Who holds this post.')),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  'Part of the list of people.',
);
const PersonParams = Closed({ id: PersonId }, 'A person.');
const USUAL_LIMIT = 50;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const COMMANDS = [
  addPerson,
  editPerson,
  setRoles,
  disablePerson,
  enablePerson,
  makePersonSlip,
  makeEmergencyCode,
  resetSecondFactor,
  importPeople,
  addDisplay,
  addToken,
  revokeToken,
] as const;

/** The people, the screens on the wall, and the tokens for programs. */
export function peopleRoutes(deps: PeopleDeps): ApiPlugin {
  const { db } = deps;
  return (api) => {
    api.get(
      '/api/people',
      { schema: { querystring: PeopleQuery } },
      async ({ query }): Promise<PeopleBody> => findPeople(db, { offset: 0, limit: USUAL_LIMIT, ...query }),
    );
    api.get('/api/people/:id', { schema: { params: PersonParams } }, async ({ params }) =>
      requirePerson(db, params.id),
    );
    api.get('/api/people/sheet.xlsx', async (_request, reply) =>
      reply
        .type(XLSX)
        .header('content-disposition', 'attachment; filename="people.xlsx"')
        .send(await emptyPeopleWorkbook()),
    );
    api.get('/api/tokens', async (): Promise<TokensBody> => {
      const tokens = await accessTokens(db);
      return {
        tokens: tokens.map(({ tokenHash, owner, ...token }) => ({
          ...token,
          id: tokenHash,
          owner: owner.name,
        })),
      };
    });
    for (const command of COMMANDS) command(deps)(api);
  };
}
