import { describe, expect, it } from 'vitest';
import { createActs } from '../../../../web/data/acts.ts';
import type { Answer } from '../../../../web/data/api.ts';

const EFFECTS = [{ code: 'note_left' as const }];
const CONFLICT = { ok: false, refusal: { code: 'conflict', message: 'li sees to it', faults: [] } } as const;

function bench(answers: Readonly<Record<string, unknown>>) {
  const asked: object[] = [];
  const command = async <T>(_name: string, body: object): Promise<Answer<T>> => {
    asked.push(body);
    return answers[(body as { readonly mode: string }).mode] as Answer<T>;
  };
  return { asked, acts: createActs({ command }) };
}

const WELL = {
  preview: { ok: true, body: { effects: EFFECTS, version: 'v' } },
  do: { ok: true, body: { effects: EFFECTS, undo: { token: 't', endsAtMs: 9 } } },
  undo: { ok: true, body: { effects: [] } },
};

describe('an act of one keystroke', () => {
  it('does what was shown, and is taken back once', async () => {
    const { acts, asked } = bench(WELL);
    expect(await acts.give('note-alert', { text: 'x' })).toBe(true);
    expect(acts.state.value).toMatchObject({ kind: 'done', undo: { name: 'note-alert', token: 't' } });
    await acts.takeBack();
    await acts.takeBack();
    expect(acts.state.value.kind).toBe('undone');
    expect(asked).toEqual([
      { mode: 'preview', input: { text: 'x' } },
      { mode: 'do', input: { text: 'x' }, version: 'v' },
      { mode: 'undo', token: 't' },
    ]);
  });

  it.each(['preview', 'do', 'undo'])('refused at its %s says so and no more', async (at) => {
    const { acts } = bench({ ...WELL, [at]: CONFLICT });
    await acts.give('note-alert', {});
    await acts.takeBack();
    expect(acts.state.value).toMatchObject({ kind: 'refused', refusal: { code: 'conflict' } });
    acts.forget();
    expect(acts.state.value.kind).toBe('none');
  });

  it('is looked at anew when the room moved on in between, for nobody saw what it was', async () => {
    const answers = [
      WELL.preview,
      CONFLICT,
      { ok: true, body: { effects: EFFECTS, version: 'w' } },
      WELL.do,
    ] as const;
    const asked: object[] = [];
    const command = async <T>(_name: string, body: object): Promise<Answer<T>> => {
      asked.push(body);
      return answers[asked.length - 1] as Answer<T>;
    };
    expect(await createActs({ command }).give('claim-alert', {})).toBe(true);
    expect(asked.at(-1)).toEqual({ mode: 'do', input: {}, version: 'w' });
  });
});
