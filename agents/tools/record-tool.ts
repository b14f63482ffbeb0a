import { writeFileSync } from 'node:fs';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { secretsOf } from '../../config/snmp-access.ts';
import { readTarget, TARGET_HELP } from './arguments.ts';
import { tellingFaults, type ToolIo } from './io.ts';
import { withSession } from './conversation.ts';
import { profilesBeside } from './profiles.ts';
import { record } from './record.ts';

const HELP = `watchkeeper record HOST[:PORT] [--out FILE] …

Writes all that a device holds as a recording for a bug report or a new profile, without names, addresses, serial
numbers and what people wrote into it. Look at the file before you give it away.

${TARGET_HELP}  --out FILE                  where to; HOST.snmprec when absent, - for the standard output
`;

async function run(args: readonly string[], io: ToolIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(HELP);
    return 0;
  }
  const { access, values, remarks } = await readTarget(args, { out: { type: 'string' } }, io);
  for (const remark of remarks) io.err(`${remark}\n`);
  const file =
    typeof values['out'] === 'string' ? values['out'] : `${access.host.replaceAll(/[^\w.-]/g, '_')}.snmprec`;
  const { credentials } = access;
  const user = credentials.version === '3' ? [credentials.user] : [];
  // The usual community is no secret, and part of many a text.
  const secrets = [...secretsOf(access), ...user, access.host].filter(
    (text) => text !== undefined && text !== 'public' && text !== 'private',
  );
  const progress = io.progress;
  const recorded = await withSession(access, systemClock, {
    onExchange: (count) => progress.show(`${count} answers …`),
    task: (session) =>
      record(session, {
        profiles: profilesBeside(undefined),
        secrets: secrets.filter((text) => text !== undefined),
        clock: systemClock,
      }),
  });
  progress.end();
  if (file === '-') io.out(recorded.text);
  else writeFileSync(file, recorded.text);
  const to = file === '-' ? 'the standard output' : file;
  io.err(`${recorded.objects} objects written to ${to}.\n`);
  if (recorded.cut === undefined) return 0;
  io.err(`It is not whole: ${recorded.cut}.\n`);
  return 3;
}

/** The command `watchkeeper record`. Its exit code: 0 written, 1 no answer or refused, 2 called wrongly, 3 written, but not whole. */
export const recordTool = tellingFaults(run);
