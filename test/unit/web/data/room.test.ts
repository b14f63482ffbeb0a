import { describe, expect, it } from 'vitest';
import type { Room, Site } from '../../../../config/model/site.ts';
import { admits, layersOf, splitAlerts } from '../../../../web/data/filter.ts';
import { placeText } from '../../../../web/data/place.ts';
import {
  isDense,
  mountedIn,
  racksOf,
  standingFree,
  tallest,
  unitLines,
} from '../../../../web/data/rack-scale.ts';
import { isWalkKey, rackMap, walk } from '../../../../web/data/rack-walk.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';
import { firing, mounted, siteDevice } from '../../../support/live-entries.ts';

const ROOM: Room = {
  id: 'main',
  name: { 'zh-CN': '主机房', en: 'Main room' },
  rows: [
    {
      id: 'A',
      racks: [
        { id: 'A1', units: 42 },
        { id: 'A2', units: 42 },
      ],
    },
    { id: 'B', racks: [{ id: 'B1', units: 24 }] },
  ],
};
const DEVICES = [
  siteDevice('crac', { kind: 'crac', layer: 'facility', place: { 'zh-CN': '北墙', en: 'North wall' } }),
  siteDevice('door', { kind: 'door', layer: 'facility' }),
  mounted('top', 'A1', 40, 2),
  mounted('bottom', 'A1', 1, 4),
  mounted('middle', 'A2', 20),
  mounted('small', 'B1', 3),
];

describe('the scale of the racks', () => {
  it('draws units in which nothing stands thin, and all racks alike', () => {
    const lines = unitLines(42, DEVICES);
    expect(lines).toHaveLength(42);
    expect(lines[42 - 20]).toBe(1);
    expect(lines[42 - 30]).toBeLessThan(0.2);
  });

  it('gives a device of one unit a whole line and a taller one more in all', () => {
    const lines = unitLines(42, DEVICES);
    const heightOf = (unit: number, height: number): number =>
      lines.slice(42 - unit - height + 1, 42 - unit + 1).reduce((sum, line) => sum + line, 0);
    expect(heightOf(40, 2)).toBeCloseTo(1.3);
    expect(heightOf(1, 4)).toBeGreaterThanOrEqual(2.5);
  });

  it('bears a device that stands higher than the rack', () => {
    expect(unitLines(10, [mounted('x', 'A1', 9, 4)])).toHaveLength(10);
  });

  it('is dense where much stands', () => {
    const full = Array.from({ length: 40 }, (_, index) => mounted(`s${index}`, 'A1', index + 1));
    expect(isDense(unitLines(42, full))).toBe(true);
    expect(isDense(unitLines(42, DEVICES))).toBe(false);
  });

  it('knows the racks of all rows and the tallest of them', () => {
    expect(racksOf(ROOM).map(({ id }) => id)).toEqual(['A1', 'A2', 'B1']);
    expect(tallest(racksOf(ROOM))).toBe(42);
    expect(tallest([])).toBe(1);
  });

  it('lists a rack from the top down, and apart what stands free', () => {
    expect(mountedIn('A1', DEVICES).map(({ id }) => id)).toEqual(['top', 'bottom']);
    expect(standingFree(DEVICES).map(({ id }) => id)).toEqual(['crac', 'door']);
  });
});

describe('walking through the room by keys', () => {
  const map = rackMap(ROOM, DEVICES);

  it.each([
    ['crac', 'ArrowRight', 'door'],
    ['door', 'ArrowRight', 'door'],
    ['crac', 'ArrowDown', 'top'],
    ['top', 'ArrowDown', 'bottom'],
    ['bottom', 'ArrowDown', 'bottom'],
    ['top', 'ArrowUp', 'crac'],
    ['bottom', 'ArrowUp', 'top'],
    ['top', 'ArrowRight', 'middle'],
    ['middle', 'ArrowRight', 'small'],
    ['small', 'ArrowRight', 'small'],
    ['small', 'ArrowLeft', 'middle'],
    ['middle', 'ArrowLeft', 'bottom'],
    ['small', 'Home', 'crac'],
    ['crac', 'End', 'small'],
    ['nothing', 'ArrowDown', 'crac'],
  ] as const)('from %s with %s comes to %s', (from, key, to) => {
    expect(walk(map, from, key)).toBe(to);
  });

  it('leads to the device of the next rack that stands nearest in height', () => {
    const two = rackMap(ROOM, [
      mounted('here', 'A1', 20),
      mounted('far', 'A2', 40),
      mounted('near', 'A2', 18),
    ]);
    expect(walk(two, 'here', 'ArrowRight')).toBe('near');
  });

  it('reaches every device from the first one', () => {
    const seen = new Set(['crac']);
    const queue = ['crac'];
    for (const from of queue) {
      for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const) {
        const to = walk(map, from, key);
        if (!seen.has(to)) queue.push(to);
        seen.add(to);
      }
    }
    expect([...seen].sort()).toEqual(DEVICES.map(({ id }) => id).sort());
  });

  it('takes the arrows, Home and End, and leaves all other keys alone', () => {
    expect(isWalkKey('ArrowUp')).toBe(true);
    expect(isWalkKey('Enter')).toBe(false);
  });
});

const SITE: Site = {
  name: { 'zh-CN': '中心', en: 'Centre' },
  isDemonstration: false,
  timeZone: 'Asia/Shanghai',
  rooms: [ROOM, { ...ROOM, id: 'annex', name: { 'zh-CN': '辅助区', en: 'Annex' } }],
  devices: [...DEVICES, siteDevice('other', { room: 'annex', layer: 'network' })],
};

describe('the place of a device', () => {
  it('is told from the room to the rack unit', () => {
    const [, , top] = DEVICES;
    expect(top && placeText(SITE, top, wordsOf('en'))).toBe('Main room · A1 · U40–U41');
    expect(placeText(SITE, mounted('one', 'A2', 7), wordsOf('zh-CN'))).toBe('主机房 · A2 · U7');
  });

  it('without a rack is told in the words of the site', () => {
    const [crac] = DEVICES;
    expect(crac && placeText(SITE, crac, wordsOf('zh-CN'))).toBe('主机房 · 北墙');
  });

  it('leaves the room out where there is only one', () => {
    const single = { ...SITE, rooms: [ROOM] };
    expect(placeText(single, mounted('one', 'A2', 7), wordsOf('en'))).toBe('A2 · U7');
  });
});

describe('the filter', () => {
  it('admits by room and by layer', () => {
    const [crac] = DEVICES;
    if (crac === undefined) throw new Error('no device');
    expect(admits({}, crac)).toBe(true);
    expect(admits({ room: 'annex' }, crac)).toBe(false);
    expect(admits({ room: 'main', layer: 'facility' }, crac)).toBe(true);
    expect(admits({ layer: 'network' }, crac)).toBe(false);
  });

  it('offers only layers that devices have', () => {
    expect(layersOf(SITE.devices)).toEqual(['facility', 'network', 'server']);
  });

  it('never hides an alert without saying so', () => {
    const alerts = [
      firing('a', 'major', 1, 'other'),
      firing('b', 'major', 1, 'top'),
      firing('c', 'minor', 1),
    ];
    const { shown, hidden } = splitAlerts(alerts, SITE, { room: 'main' });
    expect(shown.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(hidden).toBe(1);
  });
});
