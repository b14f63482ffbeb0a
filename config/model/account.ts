/** What an account may do. The three administrators exclude each other (三员分立). */
export const ROLES = ['viewer', 'operator', 'engineer', 'sysAdmin', 'secAdmin', 'auditAdmin'] as const;
export type Role = (typeof ROLES)[number];

/** The administrators of the system, of security and of the audit. */
export const ADMINISTRATORS: readonly Role[] = ['sysAdmin', 'secAdmin', 'auditAdmin'];

/** What an account is called: begins with a letter or digit of any script, goes on with those, dot, underscore or hyphen. */
export const ACCOUNT_NAME = '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}$';
