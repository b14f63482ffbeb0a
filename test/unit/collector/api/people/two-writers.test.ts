import { describe, expect, it } from 'vitest';
import type { CommandPreview } from '../../../../../config/model/command.ts';
import { edit, office, person, UNNAMED } from '../../../../support/office.ts';

describe('the second of two writers', () => {
  it('is not done when something has changed since it was shown: what it would do now is told, and agreed to anew', async () => {
    const { site, preview, give, ask } = await office();
    const { id } = await site.account('operator', 'li.lei');
    const input = edit(id, { ...UNNAMED, department: '办公室' });
    const { version } = await preview('edit-person', input);
    await give('edit-person', edit(id, { ...UNNAMED, phone: '110' }));
    const refused = await ask('edit-person', { mode: 'do', input, version });
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const { preview: present } = refused.body as { preview: CommandPreview };
    expect(present).toEqual(await preview('edit-person', input));
    expect(present.effects).toContainEqual({
      code: 'changed_meanwhile',
      params: { name: 'li.lei', field: 'phone', before: '', after: '110' },
    });
    expect(await ask('edit-person', { mode: 'do', input, version: present.version })).toMatchObject({
      status: 200,
    });
    // What the other has changed stays: this one has not touched it.
    expect(await person(site, id)).toMatchObject({ phone: '110', department: '办公室' });
  });

  it('tells who edits an old page what somebody else has changed, before it is changed back', async () => {
    const { site, preview, give } = await office();
    const { id } = await site.account('operator', 'li.lei');
    await give('edit-person', edit(id, { ...UNNAMED, phone: '110', vettedOn: '2026-01-05' }));
    const input = edit(id, { ...UNNAMED, phone: '119' });
    const { effects } = await preview('edit-person', input);
    const of = (code: string) => effects.filter((effect) => effect.code === code).map(({ params }) => params);
    const name = 'li.lei';
    expect(of('changed_meanwhile')).toEqual([
      { name, field: 'phone', before: '', after: '110' },
      { name, field: 'vettedOn', before: '', after: '2026-01-05' },
    ]);
    expect(of('field_changed')).toEqual([{ name, field: 'phone', before: '110', after: '119' }]);
    await give('edit-person', input);
    expect(await person(site, id)).toMatchObject({ phone: '119', vettedOn: '2026-01-05' });
    await give('edit-person', {
      id,
      seen: { ...UNNAMED, vettedOn: '2026-01-05' },
      details: UNNAMED,
    });
    expect(await person(site, id)).not.toHaveProperty('vettedOn');
  });
});
