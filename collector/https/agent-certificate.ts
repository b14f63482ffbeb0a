import { X509Certificate } from 'node:crypto';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { isId } from '../../config/schema/common.ts';
import type { JoinedAgents } from '../ingest/joined-agents.ts';
import type { Certificate } from './certificate.ts';

interface CertifyDeps {
  readonly agents: Pick<JoinedAgents, 'certify'>;
  readonly https: { readonly certificate?: Certificate };
  readonly clock: Clock;
}

/**
 * Makes a certificate by which an agent pushes instead of by a token: the files that it needs, by their names.
 * @throws {WatchkeeperError} `invalid_request` for names that are none, `conflict` where no HTTPS is spoken.
 */
export async function certifyAgent(
  { agents, https: { certificate }, clock }: CertifyDeps,
  { zone, name }: { readonly zone: unknown; readonly name: unknown },
  who: { readonly who: string; readonly origin: string },
): Promise<Readonly<Record<string, string>>> {
  if (!isId(zone) || !isId(name)) {
    throw new WatchkeeperError('invalid_request', 'The zone or the agent has no valid name.');
  }
  if (certificate === undefined) {
    throw new WatchkeeperError(
      'conflict',
      'The pages are in the clear: there is no certificate to show there.',
    );
  }
  const { root, agent } = certificate.authority;
  const { cert, key } = await agent(name, clock.nowMs());
  await agents.certify({ name, zone }, new X509Certificate(cert).fingerprint256, who);
  const files = { 'agent.crt': cert, 'agent.key': key };
  // By what to know a certificate of the site, the site knows.
  return certificate.isOfSite ? files : { ...files, 'ca.crt': root };
}
