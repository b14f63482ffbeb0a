import { expect, it } from 'vitest';
import { configWithoutSecrets, withoutSecrets } from '../../../config/without-secrets.ts';
import { folderWith } from '../../support/folder.ts';

it.each([
  ['password: hunter2', 'password: { env: HIDDEN_IN_BACKUP }\n'],
  ['a: [{ snmp: { community: hunter2 } }]', 'a: [ { snmp: { community: { env: HIDDEN_IN_BACKUP } } } ]\n'],
  ['auth_password: "hunter2" # of the UPS', 'auth_password: { env: HIDDEN_IN_BACKUP } # of the UPS\n'],
  ['password: { env: SMTP_PASSWORD }', 'password: { env: SMTP_PASSWORD }\n'],
  ['key: { file: /run/secrets/key }', 'key: { file: /run/secrets/key }\n'],
  ["url: 'https://li:hunter2@hook.example/x'", "url: 'https://li:hidden@hook.example/x'\n"],
  ['url: http://hook.example:80/@x', 'url: http://hook.example:80/@x\n'],
  ['name: Room # 机房', 'name: Room # 机房\n'],
])('lets %j leave the machine as %j', (text, safe) => {
  expect(withoutSecrets(text)).toBe(safe);
});

it('leaves out whole what is no YAML, and takes nothing but YAML', () => {
  const folder = folderWith({
    'site.yaml': 'name: X\n',
    'broken.yaml': 'password: [hunter2',
    'rules/own.yaml': 'groups: []\n',
    'key.pem': 'hunter2',
  });
  const texts = configWithoutSecrets(folder);
  expect(texts.map(({ path }) => path)).toEqual(['broken.yaml', 'rules/own.yaml', 'site.yaml']);
  expect(JSON.stringify(texts)).not.toContain('hunter2');
});
