import { terminalIo } from './io.ts';
import { recordTool } from './record-tool.ts';

process.exitCode = await recordTool(process.argv.slice(2), terminalIo());
