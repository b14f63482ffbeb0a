import type { AlertInstance, Phase } from '../../config/model/alert.ts';
import type { AlertTransition } from '../../config/model/api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { AlertChanges } from '../ports.ts';
import { alertView } from '../view.ts';
import type { RuleRun } from './group.ts';
import type { Saver } from './saver.ts';
import { step, type Delays, type Reading } from './step.ts';

/** What a person's word about a held alert changes: it is made durable first, and is in force from then on. */
export interface Ending {
  readonly before: AlertInstance;
  readonly after: AlertInstance;
  readonly changes: AlertChanges;
}

export interface EndingBy {
  readonly person: string;
  readonly reason?: string;
  readonly atMs: number;
}

/** Phases as an end by a person's word found and left them. */
export interface EndedPhases {
  readonly held: Extract<Phase, { kind: 'held' }>;
  readonly ended: Phase;
}

/** Ending held alerts by a person's word, and taking that back. */
export interface Endings {
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when it is not held. */
  end(fingerprint: string, by: EndingBy): Ending;
  /** @throws {WatchkeeperError} `conflict` when something has become of it since. */
  takeBack(fingerprint: string, phases: EndedPhases, by: EndingBy): Ending;
  /** It is durable. */
  took(ending: Ending): void;
}

interface Found {
  readonly run: RuleRun;
  readonly instance: AlertInstance;
  readonly delays: Delays;
}

function find(runs: readonly RuleRun[], fingerprint: string): Found | undefined {
  for (const run of runs) {
    if (run.rule.kind !== 'alert') continue;
    const instance = run.instances.get(fingerprint);
    if (instance !== undefined) return { run, instance, delays: run.rule };
  }
  return undefined;
}

export interface EndingDeps {
  readonly saver: Saver;
  /** An end is in force, or taken back. */
  readonly onChange: () => void;
}

export function endingsOf(runs: readonly RuleRun[], { saver, onChange }: EndingDeps): Endings {
  return {
    end(fingerprint, by) {
      const found = find(runs, fingerprint);
      if (found === undefined) throw new WatchkeeperError('not_found', 'There is no such alert.');
      if (found.instance.phase.kind !== 'held')
        throw new WatchkeeperError('conflict', 'Only an alert that is held can be ended by a person.');
      return endingOf(found, { kind: 'ended', cause: 'person' }, { ...by, transition: 'resolved' });
    },
    takeBack(fingerprint, { held, ended }, by) {
      const found = find(runs, fingerprint);
      if (found === undefined || JSON.stringify(found.instance.phase) !== JSON.stringify(ended))
        throw new WatchkeeperError(
          'conflict',
          'Something has become of it since: this cannot be taken back.',
        );
      return endingOf(found, { kind: 'not_ended', held }, { ...by, transition: 'held' });
    },
    took({ before, after }) {
      const found = find(runs, after.fingerprint);
      const isAsBefore = JSON.stringify(found?.instance.phase) === JSON.stringify(before.phase);
      if (found !== undefined && isAsBefore) {
        const { run, instance } = found;
        const ended = { ...instance, phase: after.phase };
        run.instances = new Map([...run.instances, [ended.fingerprint, ended]]);
        onChange();
        return;
      }
      // Data came back meanwhile: what the rule says of them counts, and is what the records are to say.
      saver.add({
        saved: found === undefined ? [] : [found.instance],
        removed: found === undefined ? [after.fingerprint] : [],
        entries: [],
      });
      void saver.flush();
    },
  };
}

function endingOf(
  { instance, delays }: Found,
  reading: Reading,
  { atMs, transition, ...by }: EndingBy & { readonly transition: AlertTransition },
): Ending {
  const phase = step(instance.phase, reading, atMs, delays) ?? instance.phase;
  const after = { ...instance, phase };
  const entry = { atMs, transition, alert: alertView(after), ...by };
  return { before: instance, after, changes: { saved: [after], removed: [], entries: [entry] } };
}
