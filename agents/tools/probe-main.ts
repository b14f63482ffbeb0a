import { terminalIo } from './io.ts';
import { probeTool } from './probe-tool.ts';

process.exitCode = await probeTool(process.argv.slice(2), terminalIo());
