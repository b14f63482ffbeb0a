import type { AlertInstance } from '../../config/model/alert.ts';
import type { Site } from '../../config/model/site.ts';

/** A site of two rooms with a few devices. */
export const SITE: Site = {
  name: { 'zh-CN': '政务中心', en: 'Service centre' },
  isDemonstration: false,
  timeZone: 'Asia/Shanghai',
  rooms: [
    {
      id: 'main',
      name: { 'zh-CN': '主机房', en: 'Main room' },
      rows: [{ id: 'A', racks: [{ id: 'A1', units: 42 }] }],
    },
    { id: 'annex', name: { 'zh-CN': '辅助间', en: 'Annex' }, rows: [] },
  ],
  devices: [
    {
      id: 'ups-a',
      name: { 'zh-CN': 'UPS A 路', en: 'UPS A' },
      kind: 'ups',
      layer: 'facility',
      room: 'main',
      mount: { rack: 'A1', unit: 1, height: 4 },
      feeds: ['A'],
    },
    {
      id: 'ups-b',
      name: { 'zh-CN': 'UPS B 路', en: 'UPS B' },
      kind: 'ups',
      layer: 'facility',
      room: 'main',
      feeds: ['B'],
    },
    {
      id: 'annex-1',
      name: { 'zh-CN': '漏水绳', en: 'Leak rope' },
      kind: 'leak',
      layer: 'facility',
      room: 'annex',
      place: { 'zh-CN': '窗下', en: 'under the window' },
      feeds: [],
    },
  ],
};

/** An instance of an alert of UPS A that fires. */
export function instance(more: Partial<AlertInstance> = {}): AlertInstance {
  return {
    fingerprint: 'f0',
    rule: 'UpsOnBattery{severity="critical"}',
    element: { device: 'ups-a' },
    labels: { alertname: 'UpsOnBattery', device: 'ups-a', severity: 'critical' },
    annotations: {
      summary_zh: 'UPS 转为电池供电',
      summary_en: 'UPS on battery',
      response_zh: '确认是否停电。',
      response_en: 'Check whether the mains failed.',
      consequence_zh: '机房断电。',
      consequence_en: 'The room goes dark.',
      time_to_act: '5m',
      unit: 'seconds',
    },
    severity: 'critical',
    phase: { kind: 'firing', sinceMs: 0, firedAtMs: 0 },
    value: 3_900,
    ...more,
  };
}
