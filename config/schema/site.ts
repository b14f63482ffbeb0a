import { Type, type Static } from 'typebox';
import { DEVICE_KINDS, LAYERS } from '../model/device.ts';
import { Closed, Id, LocalText, OneOf } from './common.ts';
import { Snmp } from './snmp.ts';

const Device = Closed(
  {
    id: Id('The `device` label of its series.'),
    name: LocalText('What people call it.'),
    kind: OneOf(DEVICE_KINDS, 'What it is to the operator.'),
    layer: Type.Optional(OneOf(LAYERS, 'The layer it belongs to, when it is not that of its kind.')),
    room: Id('The room that it stands in.'),
    rack: Type.Optional(Id('The rack that it is mounted in.')),
    unit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, description: 'The lowest rack unit that it takes.' }),
    ),
    height: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, description: 'Rack units that it takes; 1 when absent.' }),
    ),
    place: Type.Optional(LocalText('Where it stands, for what has no rack.')),
    feeds: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: 'Power feeds, A and B.' })),
    uplinks: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Interfaces whose failure is an alarm; no other port is.',
      }),
    ),
    behind: Type.Optional(
      Id('The device (switch, firewall) that it is reached through: when that falls silent, this one does.'),
    ),
    snmp: Type.Optional(Snmp),
    lab: Type.Optional(Id('The simulated device that answers for it; only in a demonstration.')),
    fast_polling: Type.Optional(
      Type.Boolean({
        description:
          'Whether it may be read every few seconds while it is on battery or alarmed; true when absent. Old management cards bear it ill.',
      }),
    ),
    zone: Type.Optional(
      Id('The network that it is in, read by the agent of that zone; default when absent.'),
    ),
    local: Type.Optional(Type.Literal(true, { description: 'This machine, read by the agent itself.' })),
  },
  'A device of the site.',
);

const Limit = (description: string, minimum: number, maximum: number) =>
  Type.Optional(Type.Number({ minimum, maximum, description }));

/** Limits of its own; those of GB 50174 where it names none. */
const Climate = Closed(
  {
    inlet_high_celsius: Limit('Rack inlets are to be cooler; 27.', 10, 45),
    inlet_low_celsius: Limit('Rack inlets are to be warmer; 18.', -10, 30),
    inlet_change_celsius_per_hour: Limit('They are to warm up more slowly; 20, with tape drives 5.', 1, 60),
    humidity_high_ratio: Limit('Relative humidity is to be lower; 0.6.', 0.1, 1),
    humidity_low_ratio: Limit('Relative humidity is to be higher; 0.25.', 0, 0.9),
    dew_point_high_celsius: Limit('The dew point is to be lower; 15.', 0, 30),
  },
  'How the air at the rack inlets of the room has to be.',
);

/** `site.yaml`: the place and what stands in it. */
export const SiteFile = Closed(
  {
    name: LocalText('Name of the site.'),
    demonstration: Type.Optional(Type.Boolean({ description: 'Marks every page and starts the lab.' })),
    time_zone: Type.Optional(
      Type.String({ minLength: 1, description: 'IANA name; Asia/Shanghai when absent.' }),
    ),
    calendar: Type.Optional(
      Id(
        'Whose holidays count (calendars/NAME-YEAR.yaml), none for weekends alone; in China cn when absent.',
      ),
    ),
    rooms: Type.Array(
      Closed(
        {
          id: Id('Name of the room in addresses.'),
          name: LocalText('What people call it.'),
          climate: Type.Optional(Climate),
          rows: Type.Optional(
            Type.Array(
              Closed(
                {
                  id: Id('Name of the row.'),
                  racks: Type.Array(
                    Closed(
                      {
                        id: Id('Name of the rack.'),
                        units: Type.Optional(
                          Type.Integer({ minimum: 1, maximum: 60, description: 'Height; 42 when absent.' }),
                        ),
                      },
                      'A rack.',
                    ),
                  ),
                },
                'A row of racks.',
              ),
            ),
          ),
        },
        'A room.',
      ),
      { minItems: 1 },
    ),
    devices: Type.Array(Device),
  },
  'The site.',
);
export type SiteFile = Static<typeof SiteFile>;
export type DeviceFile = Static<typeof Device>;
