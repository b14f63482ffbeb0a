import { signal, type ReadonlySignal } from '@preact/signals';
import type { CommandDone, CommandName, CommandPreview, Effect } from '../../config/model/command.ts';
import type { Answer, Api, Refusal } from './api.ts';

/** What became of the last thing that was done here. */
export type ActState =
  | { readonly kind: 'none' }
  | { readonly kind: 'doing' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'done';
      readonly effects: readonly Effect[];
      readonly undo?: { readonly name: CommandName; readonly token: string; readonly endsAtMs: number };
    }
  | { readonly kind: 'undone'; readonly effects: readonly Effect[] };

/** Commands of one keystroke: looked at and given at once, and taken back as long as that is possible. */
export interface Acts {
  readonly state: ReadonlySignal<ActState>;
  /** Answers whether it was done. */
  give(name: CommandName, input: object): Promise<boolean>;
  /** Of what was shown beforehand. */
  giveAsShown(name: CommandName, input: object, version: string): Promise<boolean>;
  /** Takes the last one back, if that can still be. */
  takeBack(): Promise<void>;
  forget(): void;
}

/** Nobody saw what was looked at: where the room moves on in between, it is looked at anew. */
const LOOKS = 3;

export function createActs(api: Pick<Api, 'command'>): Acts {
  const state = signal<ActState>({ kind: 'none' });

  async function giveAsShown(name: CommandName, input: object, version: string): Promise<boolean> {
    state.value = { kind: 'doing' };
    return done(name, await api.command<CommandDone>(name, { mode: 'do', input, version }));
  }
  function done(name: CommandName, answer: Answer<CommandDone>): boolean {
    if (!answer.ok) {
      state.value = { kind: 'refused', refusal: answer.refusal };
      return false;
    }
    const { effects, undo } = answer.body;
    state.value = { kind: 'done', effects, ...(undo === undefined ? {} : { undo: { name, ...undo } }) };
    return true;
  }
  return {
    state,
    giveAsShown,
    async give(name, input) {
      for (let left = LOOKS; ; left -= 1) {
        state.value = { kind: 'doing' };
        const preview = await api.command<CommandPreview>(name, { mode: 'preview', input });
        if (!preview.ok) {
          state.value = { kind: 'refused', refusal: preview.refusal };
          return false;
        }
        const { version } = preview.body;
        const answer = await api.command<CommandDone>(name, { mode: 'do', input, version });
        const isOvertaken = !answer.ok && answer.refusal.code === 'conflict';
        if (!isOvertaken || left === 1) return done(name, answer);
      }
    },
    async takeBack() {
      const last = state.peek();
      if (last.kind !== 'done' || last.undo === undefined) return;
      const { name, token } = last.undo;
      state.value = { kind: 'doing' };
      const answer = await api.command<CommandDone>(name, { mode: 'undo', token });
      state.value = answer.ok
        ? { kind: 'undone', effects: answer.body.effects }
        : { kind: 'refused', refusal: answer.refusal };
    },
    forget() {
      state.value = { kind: 'none' };
    },
  };
}
