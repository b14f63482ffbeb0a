import { systemClock } from '../../config/runtime/system-clock.ts';
import { readTarget, TARGET_HELP } from './arguments.ts';
import { tellingFaults, type ToolIo } from './io.ts';
import { withSession } from './conversation.ts';
import { probe } from './probe.ts';
import { profilesBeside } from './profiles.ts';
import { probeText } from './probe-text.ts';

const HELP = `watchkeeper probe HOST[:PORT] [--json] [--profiles DIR] …

Finds out what a device is and reads all of it once.

${TARGET_HELP}  --profiles DIR              profiles of your own beside the shipped ones
  --json                      for programs
`;

async function run(args: readonly string[], io: ToolIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(HELP);
    return 0;
  }
  const options = { json: { type: 'boolean' }, profiles: { type: 'string' } } as const;
  const { access, values, remarks } = await readTarget(args, options, io);
  for (const remark of remarks) io.err(`${remark}\n`);
  const progress = io.progress;
  const own = values['profiles'];
  const profiles = profilesBeside(typeof own === 'string' ? own : undefined);
  const report = await withSession(access, systemClock, {
    onExchange: (count) => progress.show(`${count} questions asked …`),
    task: (session) => probe(session, profiles, systemClock),
  });
  progress.end();
  if (values['json'] === true) io.out(`${JSON.stringify(report, null, 2)}\n`);
  if ('message' in report) {
    io.err(`${access.host}:${access.port}: ${report.message}\n`);
    return 1;
  }
  if (values['json'] !== true) io.out(probeText(report));
  return report.readings.length === 0 ? 3 : 0;
}

/** The command `watchkeeper probe`. Its exit code: 0 read, 1 no answer or refused, 2 called wrongly, 3 it answers, but nothing of it is known. */
export const probeTool = tellingFaults(run);
