import { parseArgs } from 'node:util';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { readTarget, TARGET_HELP } from './arguments.ts';
import { tellingFaults, type ToolIo } from './io.ts';
import { withSession } from './conversation.ts';
import { probe, type ProbeFailure, type ProbeReport } from './probe.ts';
import { profilesBeside } from './profiles.ts';
import { probeText } from './probe-text.ts';
import { readRecording } from './recorded.ts';
import { recordedSession } from './recorded-session.ts';

const HELP = `watchkeeper probe HOST[:PORT] | --recording FILE [--json] [--profiles DIR] …

Finds out what a device is and reads all of it once.

${TARGET_HELP}  --recording FILE            a recording (.snmprec) instead of a device
  --profiles DIR              profiles of your own beside the shipped ones
  --json                      for programs

\`watchkeeper metrics\` lists what a profile may read.
`;

async function run(args: readonly string[], io: ToolIo): Promise<number> {
  if (args.includes('--help')) {
    io.out(HELP);
    return 0;
  }
  const isOfRecording = args.some((arg) => arg === '--recording' || arg.startsWith('--recording='));
  return isOfRecording ? probeRecording(args, io) : probeDevice(args, io);
}

const OPTIONS = { json: { type: 'boolean' }, profiles: { type: 'string' } } as const;

async function probeDevice(args: readonly string[], io: ToolIo): Promise<number> {
  const { access, values, remarks } = await readTarget(args, OPTIONS, io);
  for (const remark of remarks) io.err(`${remark}\n`);
  const own = values['profiles'];
  const profiles = profilesBeside(typeof own === 'string' ? own : undefined);
  const report = await withSession(access, systemClock, {
    onExchange: (count) => io.progress.show(`${count} questions asked …`),
    task: (session) => probe(session, profiles, systemClock),
  });
  return told(report, { of: `${access.host}:${access.port}`, isJson: values['json'] === true }, io);
}

async function probeRecording(args: readonly string[], io: ToolIo): Promise<number> {
  const { recording = '', profiles: own, json } = recordingOptions(args);
  const session = recordedSession(readRecording(recording), systemClock);
  const report = await probe(session, profilesBeside(own), systemClock);
  return told(report, { of: recording, isJson: json === true }, io);
}

/** @throws {WatchkeeperError} `invalid_request` saying what is wrong. */
function recordingOptions(args: readonly string[]) {
  try {
    const options = { ...OPTIONS, recording: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new WatchkeeperError('invalid_request', messageOf(error));
  }
}

function told(
  report: ProbeReport | ProbeFailure,
  { of, isJson }: { readonly of: string; readonly isJson: boolean },
  io: ToolIo,
): number {
  io.progress.end();
  if (isJson) io.out(`${JSON.stringify(report, null, 2)}\n`);
  if ('message' in report) {
    io.err(`${of}: ${report.message}\n`);
    return 1;
  }
  if (!isJson) io.out(probeText(report));
  return report.readings.length === 0 ? 3 : 0;
}

/** The command `watchkeeper probe`. Its exit code: 0 read, 1 no answer or refused, 2 called wrongly, 3 it answers, but nothing of it is known. */
export const probeTool = tellingFaults(run);
