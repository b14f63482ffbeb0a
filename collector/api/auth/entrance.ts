import { WatchkeeperError } from '../../../config/model/errors.ts';
import { prepareDemoAccount, removeDemoAccount } from './demo-account.ts';
import { newFirstRunPath } from './first-run.ts';
import type { SignInDeps } from './sign-in.ts';

/** How the first person gets in, for the ready addresses of the collector. */
export interface Entrance {
  readonly firstRunPath?: string;
  readonly demoName?: string;
  readonly demoPassword?: string;
}

interface EntranceDeps extends Pick<SignInDeps, 'db' | 'clock' | 'passwords'> {
  /** The data folder. */
  readonly folder: string;
  readonly isDemonstration: boolean;
  /** Whether the demonstration's account was asked for (`WATCHKEEPER_DEMO_LOGIN=1`). */
  readonly isDemoLogin: boolean;
}

/**
 * Opens the way in at a start: the demonstration's account where it was asked for, else a one-time link while there is
 * no administrator. The account of an earlier demonstration goes.
 */
export async function openEntrance(deps: EntranceDeps): Promise<Entrance> {
  if (deps.isDemoLogin && !deps.isDemonstration) {
    throw new WatchkeeperError('invalid_request', '--demo-login is for the demonstration only.');
  }
  if (deps.isDemoLogin) {
    const { name, password } = await prepareDemoAccount(deps);
    return { demoName: name, demoPassword: password };
  }
  await removeDemoAccount(deps);
  const firstRunPath = await newFirstRunPath(deps);
  return firstRunPath === undefined ? {} : { firstRunPath };
}
