import { settingsBeside } from './beside.ts';
import type { Asked } from './messages.ts';
import { answerTo } from './reading.ts';

// The process that reads the site's files for an agent. It ends when the agent lets go of it, or is gone.
const reader = settingsBeside(process.argv[2] ?? '', process.env);
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  void answerTo(message as Asked, reader).then((answered) => process.send?.(answered));
});
