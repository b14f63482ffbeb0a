import { describe, expect, it } from 'vitest';
import { createSources } from '../../../../collector/devices/sources.ts';
import type { AgentDeviceBody } from '../../../../config/model/agent-api.ts';
import type { ReadingsView } from '../../../../config/model/api.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const view: ReadingsView = {
  device: 'ups-a',
  readings: [
    { metric: 'ups_load_ratio', labels: { line: '1' }, value: 0.5, atMs: 1 },
    { metric: 'ups_battery_volts', labels: {}, value: 54, atMs: 1 },
  ],
};

const answer: AgentDeviceBody = {
  id: 'ups-a',
  isUp: true,
  profiles: [],
  exchanges: [],
  traps: [],
  readings: [{ metric: 'ups_load_ratio', labels: { line: '1' }, value: 0.5, source: '1.3.6.1', atMs: 1 }],
};

function sources(askAgent: () => Promise<AgentDeviceBody>) {
  const clock = manualClock();
  const known: string[] = [];
  let asked = 0;
  const own = createSources({
    clock,
    askAgent: () => {
      asked += 1;
      return askAgent();
    },
    onKnown: (device) => known.push(device),
  });
  return { clock, known, own, asked: () => asked };
}

describe('the source of a reading', () => {
  it('is told once the agent has answered', async () => {
    const { own, known, clock } = sources(() => Promise.resolve(answer));
    expect(own.withSources(view)).toEqual(view);
    await clock.advance(0);
    expect(known).toEqual(['ups-a']);
    expect(own.withSources(view).readings.map(({ source }) => source)).toEqual(['1.3.6.1', undefined]);
  });

  it('is asked for once a minute at most', async () => {
    const { own, asked, clock } = sources(() => Promise.resolve(answer));
    own.withSources(view);
    await clock.advance(59_999);
    own.withSources(view);
    expect(asked()).toBe(1);
    await clock.advance(1);
    own.withSources(view);
    expect(asked()).toBe(2);
  });

  it('stays what it was while the agent does not answer', async () => {
    let isAnswering = true;
    const { own, clock } = sources(() =>
      isAnswering ? Promise.resolve(answer) : Promise.reject(new Error('gone')),
    );
    own.withSources(view);
    await clock.advance(60_000);
    isAnswering = false;
    own.withSources(view);
    await clock.advance(0);
    expect(own.withSources(view).readings[0]?.source).toBe('1.3.6.1');
  });
});
