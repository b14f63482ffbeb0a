import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledName, ENTRIES, ROOT } from '../../config/runtime/place.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith, sharedFolderWith } from '../support/folder.ts';
import { BUILT_ENV, builtProgram, PROGRAMS } from '../support/programs.ts';
import { signedIn, type SignedIn } from '../support/signed-in.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const FILES = readdirSync(PROGRAMS).filter((name) => name.endsWith('.js'));
const FIRST = ENTRIES.map(bundledName);

describe('what is built', () => {
  it('has a file for each program and thread to begin with', () => {
    expect(FILES).toEqual(expect.arrayContaining(FIRST));
  });

  it('holds no character outside of ASCII, for which V8 would keep all others twice as long', () => {
    const others = FILES.filter((name) => /[^\0-\x7f]/.test(readFileSync(join(PROGRAMS, name), 'utf8')));
    expect(others).toEqual([]);
  });

  it.each(['agents/main.ts', 'collector/main.ts'] as const)(
    'takes of HTTP what %s uses, not all that it has by name',
    (entry) => {
      expect(readFileSync(builtProgram(entry), 'utf8')).not.toMatch(/from ?["'`](node:)?https?["'`]/);
    },
  );

  it('has nothing that cannot be loaded when it is needed', () => {
    const later = FILES.filter((name) => !FIRST.some((first) => first === name));
    expect(later.length).toBeGreaterThan(20);
    const script = `Promise.all(${JSON.stringify(later)}.map((name) => import('${PROGRAMS}/' + name))).then(() => process.exit(0))`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: BUILT_ENV,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('a build', () => {
  it('that is killed in the middle leaves nothing that anybody would start', async () => {
    const checkout = folderWith();
    for (const folder of ['agents', 'alerting', 'collector', 'config', 'package.json'])
      cpSync(join(ROOT, folder), join(checkout, folder), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    const dist = join(checkout, 'dist');
    mkdirSync(dist);
    const build = spawn(process.execPath, ['collector/bundle/main.ts', 'these'], { cwd: checkout });
    await eventually(() => {
      const [folder = ''] = readdirSync(dist);
      expect(readdirSync(join(dist, folder))).toContain(FIRST[0]);
    }, 60_000);
    build.kill('SIGKILL');
    expect(existsSync(join(dist, 'programs'))).toBe(false);
  });
});

describe('the built product', () => {
  const data = sharedFolderWith();
  let program: Watchkeeper;
  let reader: SignedIn;

  beforeAll(async () => {
    program = await startWatchkeeper({ data, isDemoLogin: true });
    reader = await signedIn(program);
  });
  afterAll(() => program?.stop());

  const command = (...args: string[]) =>
    spawnSync(process.execPath, [builtProgram('collector/cli/main.ts'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...BUILT_ENV },
    });

  it('answers a query in its worker', async () => {
    const query = encodeURIComponent('sum by (device) (avg_over_time(device_up[1m]))');
    await eventually(async () => {
      const { data: answer } = await reader.get<{ readonly data: { readonly result: readonly unknown[] } }>(
        `/api/v1/query?query=${query}`,
      );
      expect(answer.result.length).toBeGreaterThan(10);
    }, 30_000);
  });

  it('draws a sheet as PDF, with the font of its package', async () => {
    const answer = await fetch(`${program.url}/api/handovers/month.pdf?month=2026-01`, {
      headers: { cookie: reader.cookie },
    });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toMatch(/^%PDF-1\.[^]*NotoSansSC/);
  });

  it('writes a workbook', async () => {
    const answer = await fetch(`${program.url}/api/people/sheet.xlsx`, {
      headers: { cookie: reader.cookie },
    });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toMatch(/^PK/);
  });

  it('exports samples as Parquet by its command line', () => {
    const out = join(data, 'samples.parquet');
    const { status, stderr } = command(
      'export',
      'device_up',
      '--from',
      '1h',
      '--format',
      'parquet',
      '--out',
      out,
      '--data',
      data,
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readFileSync(out, 'latin1')).toMatch(/^PAR1/);
  });

  it('runs the tools of the agents', () => {
    const { status, stdout } = command('metrics', 'battery', 'runtime');
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('ups_battery_runtime'),
    });
  });

  it('tells every command', () => {
    const { status, stderr } = command();
    expect(status).toBe(2);
    expect(stderr).toMatch(/ start [^]* lab [^]* restore /);
  });
});
