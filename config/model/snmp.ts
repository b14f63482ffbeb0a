/** Ways to sign the messages of SNMP version 3 (RFC 3414, RFC 7860). */
export const AUTH_PROTOCOLS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type AuthProtocol = (typeof AUTH_PROTOCOLS)[number];

/**
 * Ways to encrypt them (RFC 3414, RFC 3826). Two drafts say how a long key comes from a short digest: `aes192` and `aes256` are those
 * of Blumenthal, as net-snmp and most devices have them; `-cisco` is Reeder's, of Cisco and those who follow it.
 */
export const PRIVACY_PROTOCOLS = [
  'des',
  'aes128',
  'aes192',
  'aes256',
  'aes192-cisco',
  'aes256-cisco',
] as const;
export type PrivacyProtocol = (typeof PRIVACY_PROTOCOLS)[number];

/** What RFC 3414 section 11.2 asks of a password, and what real agents refuse to go below. */
export const MIN_PASSWORD_LENGTH = 8;

/** Why a device cannot be read, as an operator can act on it. */
export const SNMP_FAULTS = [
  'no_answer',
  'unsent',
  'garbage',
  'foreign',
  'silent_to_user',
  'unauthentic',
  'unknown_user',
  'wrong_password',
  'unsupported_level',
  'wrong_privacy',
  'wrong_time',
  'unknown_engine',
  'unknown_context',
  'no_access',
  'refused',
] as const;
export type SnmpFault = (typeof SNMP_FAULTS)[number];
