import { WatchkeeperError } from '../../config/model/errors.ts';

/**
 * The ports in a text as `WATCHKEEPER_LAB_PORTS` holds it: `{"ups-a":40001}`; none when it is absent.
 * @throws {WatchkeeperError} `config_invalid`.
 */
export function portsOf(text: string | undefined): Readonly<Record<string, number>> {
  if (text === undefined) return {};
  const ports = parsed(text);
  if (!isPorts(ports)) {
    throw new WatchkeeperError('config_invalid', 'WATCHKEEPER_LAB_PORTS must be as {"ups-a":40001}');
  }
  return ports;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPorts(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((port) => Number.isInteger(port) && port > 0 && port <= 65_535);
}
