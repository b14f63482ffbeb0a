import { Type } from 'typebox';

/** Names an alert in an address or a body. */
export const Fingerprint = Type.String({ pattern: '^[0-9a-zA-Z_-]{1,128}$' });
