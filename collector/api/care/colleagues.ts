import { ROUTES } from '../../../config/model/access.ts';
import type { Role } from '../../../config/model/account.ts';
import type { ColleagueView } from '../../../config/model/api.ts';
import { accountsOfRoles } from '../../records/accounts.ts';
import type { Db } from '../../records/tables.ts';

/** Who may see to an alert, as the table of routes says. */
export const MAY_ACT: readonly Role[] = ROUTES['POST /api/commands/take-over-alert'].roles;

/** Those who can be asked to take an alert over, by name. */
export async function colleagues(db: Db): Promise<readonly ColleagueView[]> {
  const found = await accountsOfRoles(db, MAY_ACT);
  return found.map(({ name, displayName }) => ({ name, displayName }));
}
