import { existsSync } from 'node:fs';
import type { PortOpener } from './link.ts';

/**
 * How often an open port is looked after. Since Node 26.4 what its native part tells is gone on with only when something
 * else happens in the process, and so it overlooks that a device was unplugged (serialport/node-serialport#3148).
 */
const LOOK_MS = 50;

/** A serial port of this machine. What speaks to it is loaded only where there is a modem. */
export const openSerialPort: PortOpener = async ({ device, baud }, { onPiece, onClosed }) => {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path: device, baudRate: baud, autoOpen: false, lock: true });
  const close = (): void => port.close(() => undefined);
  const looking = setInterval(() => {
    if (port.isOpen && !existsSync(device)) close();
  }, LOOK_MS).unref();
  try {
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  } catch (error) {
    clearInterval(looking);
    throw error;
  }
  port.setEncoding('latin1');
  port.on('data', onPiece);
  port.on('error', (error) => onClosed(error.message));
  port.on('close', () => {
    clearInterval(looking);
    onClosed(`${device} is gone`);
  });
  return { write: (text) => void port.write(text, 'latin1'), close };
};
