import { gauge, type Metric } from './metric.ts';

/** Of every device that is polled. */
export const DEVICE_METRICS = {
  device_up: gauge('flag', 'Whether the last poll of the device got an answer.'),
  device_info: gauge(
    'none',
    'What the device says of itself; always 1.',
    'vendor',
    'model',
    'firmware',
    'system_name',
  ),
  device_uptime_seconds: gauge('seconds', 'Time since the device started.'),
  device_poll_duration_seconds: gauge('seconds', 'How long the last poll of the device took.'),
} satisfies Record<string, Metric>;
