import { expect, it } from 'vitest';
import { recordsFaults, recordsSettings, type RecordsSettings } from '../../../config/records.ts';
import { Secret } from '../../../config/runtime/secret.ts';
import { CollectorFile } from '../../../config/schema/collector.ts';
import { checkYaml, formatFault } from '../../../config/yaml-file.ts';

function settings(postgres: string): RecordsSettings {
  const file = checkYaml('collector.yaml', `records: { postgres: ${postgres} }`, CollectorFile);
  expect(file.faults).toEqual([]);
  return recordsSettings(file, (reference) => new Secret(typeof reference === 'string' ? reference : ''));
}

function faults(postgres: string): readonly string[] {
  const file = checkYaml('collector.yaml', `records: { postgres: ${postgres} }`, CollectorFile);
  return [...file.faults, ...recordsFaults(file)].map(formatFault);
}

const LOCAL = {
  host: '127.0.0.1',
  port: 5432,
  database: 'watchkeeper',
  user: 'watchkeeper',
  isTls: false,
  schema: 'watchkeeper',
};

it.each([
  ['{}', LOCAL],
  ['{ host: /run/postgresql, user: li }', { ...LOCAL, host: '/run/postgresql', user: 'li' }],
  [
    "{ url: 'postgres://li%20lei@[::1]:5433/room' }",
    { host: '::1', port: 5433, database: 'room', user: 'li lei', isTls: false, schema: 'watchkeeper' },
  ],
  ["{ url: 'postgresql://db.example' }", { ...LOCAL, host: 'db.example', isTls: true }],
  ['{ host: localhost, ca_file: ca.pem }', { ...LOCAL, host: 'localhost', caFile: 'ca.pem', isTls: true }],
  ['{ schema: room_a }', { ...LOCAL, schema: 'room_a' }],
])('reads where the PostgreSQL of the records is from %s', (text, expected) => {
  expect(settings(text)).toEqual({ postgres: expected });
});

it('keeps the password hidden, and knows that records lie in the data folder where nothing is said', () => {
  expect(JSON.stringify(settings('{ password: hunter2 }'))).not.toContain('hunter2');
  expect(settings('{ password: hunter2 }').postgres?.password?.reveal()).toBe('hunter2');
  const silent = checkYaml('collector.yaml', '', CollectorFile);
  expect(recordsSettings(silent, () => new Secret(''))).toEqual({});
});

it.each([
  ["{ url: 'mysql://db.example/x' }", 'this is not postgres://USER@HOST:PORT/DATABASE'],
  ['{ url: nonsense }', 'this is not postgres://USER@HOST:PORT/DATABASE'],
  ["{ url: 'postgres://li:hunter2@db/x' }", 'a password does not belong here'],
  ["{ url: 'postgres://db/x?sslmode=disable' }", 'parameters are not taken here'],
  ["{ url: 'postgres://db/x', user: li, port: 1 }", 'it says port, user as well'],
  ["{ schema: 'a; drop' }", 'schema'],
  ['{ passwort: x }', 'passwort'],
])('tells what is wrong with %s, and repeats no password', (text, message) => {
  expect(faults(text)).toEqual([expect.stringContaining(message)]);
  expect(faults(text).join()).not.toContain('hunter2');
});
