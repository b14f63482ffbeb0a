import { Type } from 'typebox';
import { PASSWORD_MAX_LENGTH } from '../../../config/model/password.ts';
import { Closed } from '../../../config/schema/common.ts';
import { accountByName } from '../../records/accounts.ts';
import type { Api } from '../api.ts';
import { AccountName, personOf } from '../session.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { signPurpose } from './sign-commands.ts';
import type { WatchDeps } from './watch-deps.ts';

const RATE_LIMIT = { max: 30, timeWindow: 60_000 };
const Secret = Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH });

const ProofRequest = Closed(
  {
    /** What is signed: `ID HASH` of a sheet, or `take POST`, `transcribe POST`. */
    subject: Type.String({ pattern: '^[0-9A-Za-z ]{1,100}$' }),
    as: Type.Optional(AccountName),
    password: Type.Optional(Secret),
    code: Type.Optional(Secret),
  },
  'Proves who signs.',
);

/**
 * Who signs proves anew that it is they; another at the same screen by the own name and password. The proof is good for
 * this person, this sheet and this session, once.
 */
export function addSigning(api: Api, { db, proofs }: WatchDeps): void {
  api.post(
    '/api/watch/proof',
    { config: { rateLimit: RATE_LIMIT }, schema: { body: ProofRequest } },
    async (request) => {
      const signedIn = personOf(request);
      const { subject, as, password, code } = request.body;
      const found = as === undefined ? undefined : await accountByName(db, as);
      if (as !== undefined && (found === undefined || found.isDisabled)) {
        throw new WatchRefusedError('unknown_person');
      }
      const signer = found === undefined ? signedIn : { ...signedIn, account: found.account };
      const way = password === undefined ? 'code' : 'password';
      const purpose = signPurpose(signer.account.name, way, subject);
      const secret = password === undefined ? { code: code ?? '' } : { password };
      return { proof: await proofs.give(signer, { purpose, ...secret }, request.ip), way };
    },
  );
}
