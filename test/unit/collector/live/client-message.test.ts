import { describe, expect, it } from 'vitest';
import { readClientMessage } from '../../../../collector/live/client-message.ts';

describe('a message of a client', () => {
  it.each([
    { type: 'subscribe', topics: [] },
    { type: 'subscribe', topics: ['overview', 'device:ups-a'] },
    { type: 'subscribe', topics: ['overview', 'board'] },
    { type: 'subscribe', topics: ['overview'], resume: { epoch: 'x', seq: 0 } },
  ])('is taken: %j', (message) => {
    expect(readClientMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    '',
    '{',
    'null',
    '1',
    '[]',
    '{}',
    '{"type":"subscribe"}',
    '{"type":"shout","topics":[]}',
    '{"type":"subscribe","topics":"overview"}',
    '{"type":"subscribe","topics":{"length":1}}',
    '{"type":"subscribe","topics":[1]}',
    '{"type":"subscribe","topics":["everything"]}',
    '{"type":"subscribe","topics":["device:"]}',
    '{"type":"subscribe","topics":["device:../x"]}',
    `{"type":"subscribe","topics":["device:${'x'.repeat(200)}"]}`,
    JSON.stringify({ type: 'subscribe', topics: Array.from({ length: 17 }, () => 'overview') }),
    '{"type":"subscribe","topics":[],"more":1}',
    '{"type":"subscribe","topics":[],"resume":null}',
    '{"type":"subscribe","topics":[],"resume":{}}',
    '{"type":"subscribe","topics":[],"resume":{"epoch":"x","seq":1.5}}',
    '{"type":"subscribe","topics":[],"resume":{"epoch":"x","seq":1,"x":1}}',
    `{"type":"subscribe","topics":[],"resume":{"epoch":"${'x'.repeat(65)}","seq":1}}`,
  ])('is refused: %s', (text) => {
    expect(readClientMessage(text)).toBeUndefined();
  });
});
