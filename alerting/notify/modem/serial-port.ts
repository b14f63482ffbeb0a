import type { PortOpener } from './link.ts';

/** A serial port of this machine. What speaks to it is loaded only where there is a modem. */
export const openSerialPort: PortOpener = async ({ device, baud }, { onPiece, onClosed }) => {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path: device, baudRate: baud, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  port.setEncoding('latin1');
  port.on('data', onPiece);
  port.on('error', (error) => onClosed(error.message));
  port.on('close', () => onClosed(`${device} is gone`));
  return {
    write: (text) => void port.write(text, 'latin1'),
    close: () => port.close(() => undefined),
  };
};
