/** What an account may do. The three administrators exclude each other (三员分立). */
export const ROLES = ['viewer', 'operator', 'engineer', 'sysAdmin', 'secAdmin', 'auditAdmin'] as const;
export type Role = (typeof ROLES)[number];
