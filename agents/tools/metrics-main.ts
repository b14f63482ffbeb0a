import { terminalIo } from './io.ts';
import { metricsTool } from './metrics-tool.ts';

process.exitCode = metricsTool(process.argv.slice(2), terminalIo());
