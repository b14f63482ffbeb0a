import { describe, expect, it } from 'vitest';
import { OpenRequests } from '../../../../agents/snmp/open-requests.ts';
import { MAX_REQUEST_ID, MIN_REQUEST_ID } from '../../../../agents/snmp/request.ts';

function opened(count: number, into: OpenRequests<string>): readonly number[] {
  return Array.from({ length: count }, (_none, index) => {
    const id = into.nextId();
    into.set(id, `request ${index}`);
    return id;
  });
}

describe('open requests', () => {
  it('are found by their numbers until they end, and by no other', () => {
    const open = new OpenRequests<string>();
    const [id = 0] = opened(1, open);
    expect(id).toBeGreaterThanOrEqual(MIN_REQUEST_ID);
    expect(id).toBeLessThanOrEqual(MAX_REQUEST_ID);
    expect([open.get(id), open.get(id + 1024), [...open.values()]]).toEqual([
      'request 0',
      undefined,
      ['request 0'],
    ]);
    expect([open.delete(id + 1024), open.delete(id), open.delete(id)]).toEqual([false, true, false]);
    expect([open.get(id), [...open.values()]]).toEqual([undefined, []]);
  });

  it('have numbers of their own, however many are open at once', () => {
    const open = new OpenRequests<string>();
    const ids = opened(5_000, open);
    expect(new Set(ids).size).toBe(5_000);
    expect(ids.map((id) => open.get(id))).toEqual(ids.map((_id, index) => `request ${index}`));
  });

  it('that wait long are passed by when numbers come round', () => {
    const open = new OpenRequests<string>();
    const [slow = 0] = opened(1, open);
    for (let more = 0; more < 3_000; more += 1) {
      const [id = 0] = opened(1, open);
      expect(id).not.toBe(slow);
      open.delete(id);
    }
    expect(open.get(slow)).toBe('request 0');
  });
});
