import type { Severity } from './severity.ts';

/** What a device is to the operator; decides its picture, its headline values and its layer. */
export const DEVICE_KINDS = [
  'ups',
  'pdu',
  'ats',
  'crac',
  'climate_sensor',
  'leak',
  'smoke',
  'door',
  'firewall',
  'switch',
  'server',
  'storage',
  'application',
  'other',
] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** The layers of R40; every device belongs to one. */
export const LAYERS = ['facility', 'security', 'network', 'server', 'os', 'application'] as const;
export type Layer = (typeof LAYERS)[number];

const LAYER_OF_KIND: Readonly<Record<DeviceKind, Layer>> = {
  ups: 'facility',
  pdu: 'facility',
  ats: 'facility',
  crac: 'facility',
  climate_sensor: 'facility',
  leak: 'facility',
  smoke: 'facility',
  door: 'facility',
  firewall: 'security',
  switch: 'network',
  server: 'server',
  storage: 'server',
  application: 'application',
  other: 'facility',
};

/** The layer of a device whose site file names none. */
export function layerOf(kind: DeviceKind): Layer {
  return LAYER_OF_KIND[kind];
}

/**
 * What the room may believe of a device. `unknown` is never shown as ok: what was read before it is history.
 * `starting` is a device of which nothing has been heard since this collector began and whose time to answer has not run out.
 */
export type DeviceState =
  | { readonly kind: 'starting'; readonly sinceMs: number }
  | { readonly kind: 'ok'; readonly sinceMs: number }
  | { readonly kind: 'alarmed'; readonly sinceMs: number; readonly severity: Severity }
  | { readonly kind: 'unknown'; readonly sinceMs: number; readonly reason: UnknownReason };

/** Why nothing can be said: the device is silent, its agent is, or the collector has had no sample of it. */
const UNKNOWN_REASONS = ['device_silent', 'agent_silent', 'never_seen'] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];
