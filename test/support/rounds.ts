import type { NumberItem, RoundSubmission, RoundTemplate } from '../../config/model/round.ts';

const named = (text: string) => ({ 'zh-CN': text, en: text });

/** What a round has an instant in: 2026-11-22, 11:00 in Shanghai, as the clock of the tests begins. */
export const WALKED_AT_MS = Date.UTC(2026, 10, 22, 3, 0, 0);

export function numberItem(more: Partial<NumberItem> = {}): NumberItem {
  return {
    id: 'temperature',
    block: 'environment',
    name: named('temperature'),
    needsPhoto: false,
    type: 'number',
    unit: '℃',
    low: 18,
    high: 27,
    sensor: 'sensor_celsius',
    sensorScale: 1,
    isReadYourself: true,
    tolerance: 2,
    ...more,
  };
}

/** A round of two places: something to look at, something to read, something to choose. */
export function roundTemplate(more: Partial<RoundTemplate> = {}): RoundTemplate {
  return {
    id: 'daily-main',
    version: 1,
    name: named('Daily'),
    kind: 'daily',
    room: 'main',
    schedule: { from: '08:00', by: '18:00', weekday: 1, monthDay: 1 },
    isOrdered: true,
    needsReview: false,
    isRetired: false,
    checkpoints: [
      {
        id: 'entrance',
        name: named('Entrance'),
        minSeconds: 10,
        items: [
          { id: 'cleaning', block: 'environment', type: 'check', name: named('clean'), needsPhoto: false },
          numberItem(),
        ],
      },
      {
        id: 'gas',
        name: named('Gas'),
        minSeconds: 10,
        items: [
          {
            id: 'mode',
            block: 'environment',
            type: 'choice',
            name: named('mode'),
            needsPhoto: false,
            options: [
              { id: 'automatic', name: named('automatic'), isAbnormal: false },
              { id: 'off', name: named('off'), isAbnormal: true },
            ],
          },
          {
            id: 'pressure',
            block: 'environment',
            type: 'number',
            name: named('pressure'),
            needsPhoto: false,
            unit: '%',
            low: 90,
            high: 120,
            sensorScale: 1,
            isReadYourself: false,
          },
        ],
      },
    ],
    ...more,
  };
}

/** A round that was walked as it should be: everything normal, no doubts where the codes are `RIGHT`. */
export function walkedRound(more: Partial<RoundSubmission> = {}): RoundSubmission {
  const at = WALKED_AT_MS;
  return {
    id: '00000000-0000-4000-8000-000000000001',
    template: 'daily-main',
    version: 1,
    due: 'daily-main@2026-11-22',
    walkedBy: 'anna',
    beganAtMs: at - 60_000,
    endedAtMs: at,
    visits: [
      {
        checkpoint: 'entrance',
        beganAtMs: at - 60_000,
        endedAtMs: at - 40_000,
        way: 'scanned',
        code: 'RIGHT',
        answers: [
          { item: 'cleaning', atMs: at - 55_000, value: true, photos: [] },
          { item: 'temperature', atMs: at - 50_000, value: 23, photos: [] },
        ],
      },
      {
        checkpoint: 'gas',
        beganAtMs: at - 30_000,
        endedAtMs: at - 5_000,
        way: 'typed',
        code: 'RIGHT',
        answers: [
          { item: 'mode', atMs: at - 20_000, value: 'automatic', photos: [] },
          { item: 'pressure', atMs: at - 10_000, value: 95, photos: [] },
        ],
      },
    ],
    ...more,
  };
}
