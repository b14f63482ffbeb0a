import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { firstRun } from '../../../../collector/cli/first-run.ts';
import { CONTROL_SOCKET, startControl, type ControlAnswer } from '../../../../collector/control.ts';
import { createLog } from '../../../../config/runtime/log.ts';
import { folderWith } from '../../../support/folder.ts';

/** What the command says of a collector that answers so, and its exit code. */
async function said(answer: ControlAnswer): Promise<{ code: number; text: string }> {
  const data = folderWith();
  const control = await startControl({
    path: join(data, CONTROL_SOCKET),
    commands: { 'first-run': async () => answer },
    log: createLog('test', 'silent'),
  });
  onTestFinished(() => control.stop());
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => {
    written.mockRestore();
  });
  const code = await firstRun.run(['--data', data]);
  return { code, text: written.mock.calls.map(([text]) => String(text)).join('') };
}

it('prints the link that a running collector made', async () => {
  expect(await said({ link: 'http://127.0.0.1:8480/first-run#token' })).toEqual({
    code: 0,
    text: 'Create the first administrator: http://127.0.0.1:8480/first-run#token\n',
  });
});

it('makes no link when there is an administrator', async () => {
  expect(await said({})).toEqual({ code: 1, text: 'There is an administrator already.\n' });
});

it('says that no collector runs', async () => {
  await expect(firstRun.run(['--data', folderWith()])).rejects.toMatchObject({ code: 'not_running' });
});
