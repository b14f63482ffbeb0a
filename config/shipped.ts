import { join } from 'node:path';
import { ROOT } from './runtime/place.ts';

/** The folder that holds what is shipped: profiles, rules, the demonstration room. */
export const SHIPPED_FOLDER = join(ROOT, 'config');
export const SHIPPED_PROFILES = join(SHIPPED_FOLDER, 'profiles');
export const DEMO_FOLDER = join(SHIPPED_FOLDER, 'demo');
