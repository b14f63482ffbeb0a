import { describe, expect, it } from 'vitest';
import {
  endWritten,
  nothingWritten,
  writeAlerts,
  type Written,
} from '../../../../alerting/engine/alert-series.ts';
import type { Instances } from '../../../../alerting/engine/evaluate.ts';
import type { RuleSeriesSink } from '../../../../alerting/ports.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import { instance } from '../../../support/alerts.ts';
import { formatSeries, metric } from '../../../support/samples.ts';

const PENDING: Phase = { kind: 'pending', sinceMs: 1_000 };
const FIRING: Phase = { kind: 'firing', sinceMs: 1_000, firedAtMs: 2_000 };
const RULE = { kind: 'alert', name: 'Hot' } as const;

const LABELS = { alertname: 'Hot', device: 'a' };

const hot = (phase: Phase): AlertInstance => instance({ fingerprint: 'f', labels: LABELS, phase });

const among = (...instances: readonly AlertInstance[]): Instances =>
  new Map(instances.map((one) => [one.fingerprint, one]));

function bench() {
  const head = createHead();
  let written: Written = nothingWritten(RULE);
  const asked: string[] = [];
  const told: string[] = [];
  const sink: RuleSeriesSink = {
    seriesOf(labels) {
      asked.push(`${labels['__name__']} ${labels['alertstate']}`);
      return head.seriesOf(labels);
    },
    wrote: (name) => told.push(name),
  };
  return {
    head,
    asked,
    told,
    sink,
    written: () => written,
    write: (instances: readonly AlertInstance[], atMs: number): void => {
      written = writeAlerts(among(...instances), written, { sink, atMs });
    },
    states: () =>
      formatSeries(head, metric('ALERTS')).map((text) => text.replace(/.*alertstate="(\w+)"[^}]*}/, '$1')),
    sinces: () => formatSeries(head, metric('ALERTS_FOR_STATE')).map((text) => text.replace(/.*} /, '')),
  };
}

describe('the series of alerts', () => {
  it('tell of each in which state it is and since when, and end with it', () => {
    const { write, states, sinces } = bench();
    write([hot(PENDING)], 1_000);
    write([hot(FIRING)], 2_000);
    write([], 3_000);
    expect(states()).toEqual(['firing 1@2000 stale@3000', 'pending 1@1000 stale@2000']);
    expect(sinces()).toEqual(['1@1000 1@2000 stale@3000']);
  });

  it('are looked for once as long as they are there, and those who read them are told', () => {
    const { write, asked, told, written } = bench();
    write([hot(PENDING)], 1_000);
    const first = written();
    write([hot(PENDING)], 2_000);
    expect(written()).toBe(first);
    write([hot(FIRING)], 3_000);
    expect(asked).toEqual(['ALERTS pending', 'ALERTS_FOR_STATE undefined', 'ALERTS firing']);
    expect(told).toEqual([
      'ALERTS',
      'ALERTS_FOR_STATE',
      'ALERTS',
      'ALERTS_FOR_STATE',
      'ALERTS',
      'ALERTS_FOR_STATE',
    ]);
  });

  it('of one that comes and goes are not looked for each time', () => {
    const { write, asked, states } = bench();
    for (const atMs of [1_000, 3_000]) {
      write([hot(PENDING)], atMs);
      write([], atMs + 1_000);
    }
    expect(asked).toEqual(['ALERTS pending', 'ALERTS_FOR_STATE undefined']);
    expect(states()).toEqual(['pending 1@1000 stale@2000 1@3000 stale@4000']);
  });

  it('are looked for again when they are gone', () => {
    const { write, states, sinces, head } = bench();
    write([hot(PENDING)], 1_000);
    head.dropBefore(5_000);
    write([hot(PENDING)], 10_000);
    expect([states(), sinces()]).toEqual([['pending 1@10000'], ['1@10000']]);
  });

  it('are looked for again each time while there is no room for them', () => {
    const full: RuleSeriesSink = { seriesOf: () => undefined };
    const { head, sink } = bench();
    const results = among(hot(FIRING));
    const before = writeAlerts(results, nothingWritten(RULE), { sink: full, atMs: 1_000 });
    const after = writeAlerts(results, before, { sink, atMs: 2_000 });
    expect(formatSeries(head, metric('ALERTS'))).toHaveLength(1);
    endWritten(after, { sink: full, atMs: 3_000 });
    expect(formatSeries(head, metric('ALERTS'))[0]).toMatch(/ 1@2000 stale@3000$/);
  });
});
