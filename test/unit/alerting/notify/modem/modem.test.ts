import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startModem, type Modem } from '../../../../../alerting/notify/modem/modem.ts';
import { openSerialPort } from '../../../../../alerting/notify/modem/serial-port.ts';
import { submitPdus } from '../../../../../alerting/notify/modem/pdu.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { newMessage } from '../../../../support/alert-stores.ts';
import { eventually } from '../../../../support/eventually.ts';
import { folderWith } from '../../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../../support/manual-clock.ts';
import { simulateModem, type SimulatedModem, type SimulatedModemOptions } from '../../../../support/modem.ts';
import { silentLog } from '../../../../support/silent-log.ts';

interface Desk {
  readonly simulated: SimulatedModem;
  readonly modem: Modem;
  readonly clock: ManualClock;
  /** How long it has asked to wait. */
  readonly waits: readonly number[];
  readonly texts: { readonly from: string; readonly text: string }[];
  readonly send: (more?: {
    channel?: 'modem' | 'ring';
    body?: string;
  }) => ReturnType<Modem['notifier']['send']>;
  readonly up: () => Promise<unknown>;
}

async function desk(
  { pin, ...options }: Omit<SimulatedModemOptions, 'device'> & { ownPin?: string } = {},
  prepare: (simulated: SimulatedModem) => void = () => undefined,
): Promise<Desk> {
  const device = join(folderWith(), 'ttyModem');
  const simulated = await simulateModem({ device, ...options, ...(pin === undefined ? {} : { pin }) });
  onTestFinished(() => simulated.stop());
  prepare(simulated);
  const clock = manualClock();
  const waits: number[] = [];
  const texts: { from: string; text: string }[] = [];
  const own = options.ownPin ?? pin;
  const modem = startModem(
    { device, baud: 115_200, ringForMs: 20_000, ...(own === undefined ? {} : { pin: new Secret(own) }) },
    {
      clock: {
        ...clock,
        after(delayMs, callback) {
          waits.push(delayMs);
          return clock.after(delayMs, callback);
        },
      },
      log: silentLog(),
      openPort: openSerialPort,
      onText: async (text) => texts.push(text) > 0,
    },
  );
  onTestFinished(() => modem.stop());
  return {
    simulated,
    modem,
    clock,
    waits,
    texts,
    send: ({ channel = 'modem', body = '断电' } = {}) =>
      modem.notifier.send(
        { ...newMessage({ channel, to: '+8613800138000', body }), id: 1, attempts: 0 },
        new AbortController().signal,
      ),
    up: () => eventually(() => expect(modem.health()).toMatchObject({ kind: 'up' })),
  };
}

const DELIVERED_OK = '00040D91683108108300F000006211722143003202CF25';

describe('a modem', () => {
  it('sends a text in Chinese, in parts where it is long, and tells its signal', async () => {
    const { simulated, modem, send, up } = await desk({ pieceChars: 1 });
    await up();
    expect(modem.health()).toEqual({ kind: 'up', isRegistered: true, signalDbm: -73 });
    expect(await send({ body: '断电'.repeat(40) })).toEqual({ kind: 'accepted' });
    expect(simulated.heard.filter((one) => one.startsWith('TEXT'))).toEqual(
      submitPdus('+8613800138000', '断电'.repeat(40), 1).map(({ hex }) => `TEXT ${hex}`),
    );
  });

  it('rings as long as it is told to and hangs up', async () => {
    const { simulated, clock, waits, send, up } = await desk();
    await up();
    const ringing = send({ channel: 'ring' });
    await eventually(() => expect(simulated.heard).toContain('ATD+8613800138000;'));
    // The call's own wait begins once the modem has said OK.
    await eventually(() => expect(waits).toContain(20_000));
    expect(simulated.heard).not.toContain('ATH');
    await clock.advance(20_000);
    expect(await ringing).toEqual({ kind: 'accepted' });
    expect(simulated.heard).toContain('ATH');
  });

  it('tries a call that did not get through again later', async () => {
    const { simulated, send, up } = await desk();
    await up();
    simulated.answer('ATD+8613800138000;', 'BUSY');
    expect(await send({ channel: 'ring' })).toEqual({ kind: 'deferred', reason: 'modem: BUSY' });
  });

  it('hands over the texts that come, those that came while nobody listened too, and deletes them', async () => {
    const { simulated, texts, up } = await desk({}, (one) => one.text(DELIVERED_OK));
    await up();
    await eventually(() => expect(texts).toHaveLength(1));
    expect(texts[0]?.from).toBe('+8613800138000');
    simulated.text(DELIVERED_OK);
    await eventually(() => expect(simulated.heard).toContain('AT+CMGD=2'));
    expect(texts.map(({ text }) => text)).toEqual(['OK', 'OK']);
  });

  it('is no use while it is unplugged, and is found again', async () => {
    const { simulated, modem, clock, send, up } = await desk();
    await up();
    await simulated.unplug();
    await eventually(() => expect(modem.health().kind).toBe('down'));
    expect((await send()).kind).toBe('unreachable');
    await simulated.plugIn();
    await clock.advance(5_000);
    await up();
    expect(await send()).toEqual({ kind: 'accepted' });
  });

  it('that is silent is given up in time, and what it is asked next is not taken for the text', async () => {
    const { simulated, clock, send, up } = await desk();
    await up();
    simulated.answer('AT+CMGS');
    const sending = send();
    await eventually(() => expect(simulated.heard.some((one) => one.startsWith('AT+CMGS='))).toBe(true));
    await clock.advance(60_000);
    expect(await sending).toEqual({ kind: 'unreachable', reason: 'modem: AT+CMGS: no answer within 60 s' });
  });

  it('that says nonsense in between is understood all the same', async () => {
    const { simulated, send, up } = await desk();
    await up();
    simulated.say(`\r\n^RSSI: 12\r\n\r\nRING\r\n\u0000\u00FF${'garbage'.repeat(1_000)}\r\n`);
    expect(await send()).toEqual({ kind: 'accepted' });
  });

  it('takes what an alert says for text, never for a command', async () => {
    const { simulated, send, up } = await desk();
    await up();
    const body = 'room\u001A\rATD110;\r\u001BAT+CPIN="0000"\r';
    expect(await send({ body })).toEqual({ kind: 'accepted' });
    expect(simulated.heard.filter((one) => /ATD|CPIN=|room/.test(one))).toEqual([]);
    expect(simulated.heard).toContain(`TEXT ${submitPdus('+8613800138000', body, 1)[0]?.hex}`);
  });

  it('whose network refuses a text keeps it for later', async () => {
    const { simulated, send, up } = await desk();
    await up();
    simulated.answer('AT+CMGS', '+CMS ERROR: 38');
    expect(await send()).toEqual({ kind: 'deferred', reason: 'modem: +CMS ERROR: 38' });
  });
});

describe('the PIN of a SIM card', () => {
  it('opens it', async () => {
    const { simulated, up } = await desk({ pin: '1234' });
    await up();
    expect(simulated.heard).toContain('AT+CPIN="1234"');
  });

  it('that is wrong is tried once, however often the modem is opened again', async () => {
    const { simulated, modem, clock } = await desk({ pin: '1234', ownPin: '9999' });
    await eventually(() =>
      expect(modem.health()).toEqual({ kind: 'down', reason: 'the SIM card has refused the PIN' }),
    );
    await clock.advance(5_000);
    await eventually(() =>
      expect(modem.health()).toEqual({
        kind: 'down',
        reason: 'the SIM card has refused this PIN: it is not tried again',
      }),
    );
    expect(simulated.heard.filter((one) => one.startsWith('AT+CPIN='))).toHaveLength(1);
  });

  it('is not tried at all where the card has lost a try already', async () => {
    const { simulated, modem } = await desk({ pin: '1234' }, (one) =>
      one.answer('AT+CPINR="SIM PIN"', '+CPINR: SIM PIN,2,3', 'OK'),
    );
    await eventually(() =>
      expect(modem.health()).toMatchObject({
        reason: 'the SIM card has 2 tries left: put its PIN in by hand once',
      }),
    );
    expect(simulated.heard.filter((one) => one.startsWith('AT+CPIN='))).toEqual([]);
  });
});
