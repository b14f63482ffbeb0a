import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { Closed, Id, OneOf } from '../../../config/schema/common.ts';
import { checkYaml, ConfigError, formatFault, readYamlFile } from '../../../config/yaml-file.ts';
import { folderWith } from '../../support/folder.ts';

const Schema = Closed(
  {
    name: Id('A name.'),
    color: Type.Optional(OneOf(['red', 'green'], 'A color.')),
    size: Type.Optional(Type.Integer({ minimum: 1 })),
    secret: Type.Optional(
      Type.Union([Type.String(), Closed({ env: Type.String() }, 'From the environment.')]),
    ),
    way: Type.Optional(
      Type.Union([
        Type.String(),
        Closed({ by: Type.Literal('mail'), to: Id('To whom.') }, 'By mail.'),
        Closed({ by: Type.Literal('text'), number: Type.Integer() }, 'By text.'),
      ]),
    ),
    items: Type.Optional(Type.Array(Closed({ id: Id('A name.') }, 'An item.'))),
  },
  'A thing.',
);

function told(text: string): readonly string[] {
  return checkYaml('thing.yaml', text, Schema).faults.map(formatFault);
}

describe('a YAML file', () => {
  it('is given back frozen when the schema accepts it', () => {
    const { value, faults } = checkYaml('thing.yaml', 'name: a\nitems: [{ id: b }]\n', Schema);
    expect(faults).toEqual([]);
    expect(value).toEqual({ name: 'a', items: [{ id: 'b' }] });
    expect(Object.isFrozen(value?.items?.[0])).toBe(true);
  });

  it('tells every fault at once, each with its line and field', () => {
    const text = [
      'name: "no spaces please"',
      'colour: red',
      'size: 0',
      'items:',
      '  - id: ok',
      '  - di: 1',
    ].join('\n');
    expect(told(text)).toEqual([
      expect.stringContaining('thing.yaml:1: name: must match'),
      'thing.yaml:2: colour: is not a field that is known here',
      expect.stringContaining('thing.yaml:3: size: must be >= 1'),
      'thing.yaml:6: items[1]: lacks id',
      'thing.yaml:6: items[1].di: is not a field that is known here',
    ]);
  });

  it('names the words that would be right', () => {
    expect(told('name: a\ncolor: blue\n')).toEqual(['thing.yaml:2: color: must be one of red, green']);
  });

  it('tells a field that fits none of its forms once, not once for each form', () => {
    expect(told('name: a\nsecret: [1]\n')).toEqual([
      'thing.yaml:2: secret: has none of the forms that are possible here',
    ]);
  });

  it.each([
    ['{ by: mail, to: "?", cc: b }', ['way.cc: is not a field that is known here', 'way.to: must match']],
    ['{ by: text, number: x }', ['way.number: must be integer']],
    ['{ by: text }', ['way: lacks number']],
    ['{ by: fax, to: b }', ['way.by: must be one of mail, text']],
    ['{ to: b }', ['way: has none of the forms that are possible here']],
    ['[1]', ['way: has none of the forms that are possible here']],
  ])('tells of %s what is wrong in the form that its word names', (way, faults) => {
    expect(told(`name: a\nway: ${way}\n`)).toEqual(
      faults.map((fault) => expect.stringContaining(`thing.yaml:2: ${fault}`) as string),
    );
  });

  it('lists more faults than the eight that the checker would stop at', () => {
    const items = Array.from({ length: 30 }, () => '  - id: "?"').join('\n');
    expect(told(`name: a\nitems:\n${items}\n`)).toHaveLength(30);
  });

  it.each([
    ['a broken line', 'name: a\nitems: [\n', /^thing\.yaml:\d+: /],
    ['a key that stands twice', 'name: a\nname: b\n', /^thing\.yaml:2: Map keys must be unique/],
    ['an empty file', '', /^thing\.yaml(:1)?: lacks name/],
    ['a list instead of fields', '- a\n', /^thing\.yaml(:1)?: must be object/],
  ])('tells %s with its line', (_what, text, expected) => {
    expect(told(text)[0]).toMatch(expected);
  });

  it('refuses a bomb of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    }
    expect(told(lines.join('\n'))[0]).toMatch(/alias/i);
  });

  it('tells a fault beyond the schema at the line of its field', () => {
    const file = checkYaml('thing.yaml', 'name: a\nitems:\n  - id: x\n  - id: x\n', Schema);
    expect(formatFault(file.faultAt(['items', 1, 'id'], 'stands twice'))).toBe(
      'thing.yaml:4: items[1].id: stands twice',
    );
  });
});

describe('a configuration error', () => {
  it('lists every fault on a line of its own', () => {
    const error = new ConfigError([
      { file: 'a.yaml', line: 1, path: 'x', message: 'is wrong' },
      { file: 'b.yaml', message: 'cannot be read' },
    ]);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toBe('a.yaml:1: x: is wrong\nb.yaml: cannot be read');
  });
});

it.each(['/dev/zero', '/dev'])('what is no file, as %s, is told and not read', (path) => {
  expect(readYamlFile(path, Type.Object({})).faults).toEqual([
    { file: path, message: expect.stringContaining('it is not a file') as string },
  ]);
});

it('a file that is far too large is told and not read', () => {
  const path = join(folderWith(), 'large.yaml');
  writeFileSync(path, '');
  truncateSync(path, 100_000_000);
  expect(readYamlFile(path, Type.Object({})).faults[0]?.message).toContain('is larger than');
});
