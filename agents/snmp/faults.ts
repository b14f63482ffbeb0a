import type { SnmpFault } from '../../config/model/snmp.ts';

const WORDS: Readonly<Record<SnmpFault, string>> = {
  no_answer: 'no answer',
  unsent: 'it could not be asked',
  garbage: 'answered, but not in valid SNMP',
  foreign: 'gave an answer to something that was not asked',
  silent_to_user: 'it answers, but not this user: user, passwords, protocols or context are wrong',
  unauthentic: 'its answer is not signed as it must be, or is old',
  unknown_user: 'the user is unknown to it',
  wrong_password: 'password or protocol of authentication is wrong',
  unsupported_level:
    'it does not let the user in at this level: authentication or privacy is missing or too much',
  wrong_privacy: 'password or protocol of privacy is wrong',
  wrong_time: 'it takes our messages for old, though its own time was used',
  unknown_engine: 'it says another engine id each time that it is asked',
  unknown_context: 'it has no such context',
  no_access: 'it knows the user, who may read nothing',
  refused: 'it refused the message',
};

/** The words of a fault that an operator needs. */
export function tellFault(fault: SnmpFault): string {
  return WORDS[fault];
}
