import { readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, SOURCES, textOf } from './sources.ts';

/** Which folders the code of a folder may import from; the longest prefix that fits a file counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'config/model': ['config/model'],
  config: ['config'],
  agents: ['agents', 'config'],
  alerting: ['alerting', 'config'],
  collector: ['collector', 'alerting', 'config', 'agents/agent.ts'],
  web: ['web', 'config/model', 'config/schema'],
  test: [''],
};

/** The layers that may use a package: each belongs to one. Those of `test` only are not named. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pino: ['config/runtime'],
  typebox: ['config', 'collector/api'],
  yaml: ['config'],
  snappyjs: ['config/wire'],
  systeminformation: ['agents/host'],
  fastify: ['collector'],
  '@fastify/cookie': ['collector/api'],
  '@fastify/helmet': ['collector/api'],
  '@fastify/rate-limit': ['collector/api'],
  '@fastify/static': ['collector/api'],
  '@fastify/type-provider-typebox': ['collector/api'],
  ws: ['collector/live'],
  kysely: ['collector/records'],
  pg: ['collector/records'],
  '@node-rs/argon2': ['collector/api'],
  otplib: ['collector/api'],
  qrcode: ['collector/api', 'collector/https'],
  '@peculiar/x509': ['collector/https'],
  'reflect-metadata': ['collector/https'],
  'read-excel-file': ['collector/duty/people'],
  'write-excel-file': ['collector/duty'],
  re2js: ['collector/promql', 'collector/series', 'config/runtime'],
  nodemailer: ['alerting/notify'],
  mqtt: ['alerting/notify'],
  serialport: ['alerting/notify/modem'],
  '@resvg/resvg-js': ['alerting/notify/chart'],
  '@duckdb/node-api': ['collector/series'],
  pdfkit: ['collector/texts'],
  '@expo-google-fonts/noto-sans-sc': ['collector/texts'],
  preact: ['web'],
  '@preact/signals': ['web'],
  uplot: ['web'],
  qr: ['web'],
  '@codemirror/autocomplete': ['web'],
  '@codemirror/commands': ['web'],
  '@codemirror/language': ['web'],
  '@codemirror/lint': ['web'],
  '@codemirror/state': ['web'],
  '@codemirror/view': ['web'],
  '@lezer/highlight': ['web'],
  '@prometheus-io/codemirror-promql': ['web'],
  vite: ['web/vite.config.ts'],
  rolldown: ['collector/bundle'],
};

function importsOf(file: string): readonly string[] {
  const text = textOf(file);
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? '');
}

/** The packages that a program has loaded when it has started: what its modules import outright, types apart. */
function loadedBy(entry: string): ReadonlySet<string> {
  const packages = new Set<string>();
  const files = [entry];
  for (const file of files) {
    const found = textOf(file).matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s+)?'([^']+)'/gm);
    for (const [, target = ''] of found) {
      const path = relative(ROOT, resolve(ROOT, dirname(file), target));
      if (!target.startsWith('.')) packages.add(target);
      else if (!files.includes(path)) files.push(path);
    }
  }
  return packages;
}

/** What a collector does a few times a day, or in rooms of one kind; loaded, they take some 15 MB. */
const LOADED_WHEN_NEEDED = [
  'nodemailer',
  'mqtt',
  'serialport',
  '@resvg/resvg-js',
  '@node-rs/argon2',
  'qrcode',
  '@peculiar/x509',
  'pdfkit',
  'write-excel-file/node',
  'read-excel-file/node',
  '@duckdb/node-api',
];

function layerOf(file: string): string {
  const layers = Object.keys(MAY_IMPORT).filter((layer) => file.startsWith(`${layer}/`));
  return layers.sort((a, b) => b.length - a.length)[0] ?? '';
}

describe('the walls of the house', () => {
  it.each(SOURCES)('%s imports only from layers below it', (file) => {
    const allowed = MAY_IMPORT[layerOf(file)] ?? [];
    for (const target of importsOf(file).filter((path) => path.startsWith('.'))) {
      const path = relative(ROOT, resolve(ROOT, dirname(file), target));
      expect(
        allowed.some((place) => path === place || path.startsWith(`${place}/`)),
        `${file} → ${path}`,
      ).toBe(true);
    }
  });

  it.each(SOURCES)('%s uses only packages that belong to its layer', (file) => {
    for (const target of importsOf(file).filter(
      (path) => !path.startsWith('.') && !path.startsWith('node:'),
    )) {
      const name = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
      const places = PACKAGES[name] ?? [];
      expect(
        places.some((place) => file === place || file.startsWith(`${place}/`)),
        `${file} → ${name}`,
      ).toBe(true);
    }
  });

  it('a collector loads what it rarely needs when it needs it', () => {
    const loaded = loadedBy('collector/main.ts');
    expect(loaded).toContain('fastify');
    expect(LOADED_WHEN_NEEDED.filter((name) => loaded.has(name))).toEqual([]);
  });

  it('a program takes HTTP without all that Node has beside it', () => {
    const files = SOURCES.filter((file) => !file.startsWith('web/') && file !== 'config/runtime/http.ts');
    const takesAll = /(?:^|\n)import (?!type )[^;]*'node:https?'|import\('node:https?'\)/;
    expect(files.filter((file) => takesAll.test(textOf(file)))).toEqual([]);
  });

  it('config/model knows neither Node nor a package', () => {
    for (const file of SOURCES.filter((name) => name.startsWith('config/model/'))) {
      expect(
        importsOf(file).filter(
          (path) =>
            !path.startsWith('.') ||
            !relative(ROOT, resolve(ROOT, dirname(file), path)).startsWith('config/model/'),
        ),
        file,
      ).toEqual([]);
    }
  });

  it('only the system clock reads the time, and a phone’s own for its rounds', () => {
    const readers = SOURCES.filter((file) => /\bDate\.now\(|new Date\(\)/.test(textOf(file)));
    expect(readers).toEqual(['config/runtime/system-clock.ts', 'web/data/rounds/phone-clock.ts']);
  });

  it('no page takes a text for HTML, so that a script in whatever field stays a text', () => {
    const ways =
      /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|document\.write|javascript:/i;
    const pages = SOURCES.filter((file) => file.startsWith('web/'));
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.filter((file) => ways.test(textOf(file)))).toEqual([]);
  });

  it('nothing at the top level but what belongs there', () => {
    const known = [
      'agents',
      'collector',
      'alerting',
      'web',
      'config',
      'test',
      'package.json',
      'package-lock.json',
    ];
    const ignored = ['node_modules', 'dist', 'data'];
    const entries = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !ignored.includes(name));
    expect(entries.sort()).toEqual([...known, 'tsconfig.json', 'README.md', 'LICENSE'].sort());
  });
});
