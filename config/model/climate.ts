/**
 * How the air at the inlets of a room's racks has to be, if its site says nothing else: GB 50174-2017 Annex A (18 to
 * 27 ℃ in the cold aisle or at the inlet, dew point 5.5 to 15 ℃, relative humidity up to 60 %, less than 20 ℃ an hour).
 * Its lower dew point is at the 27 ℃ of the upper limit 25 % of humidity.
 */
export const ROOM_LIMITS = {
  inlet_high_celsius: 27,
  inlet_low_celsius: 18,
  inlet_change_celsius_per_hour: 20,
  humidity_high_ratio: 0.6,
  humidity_low_ratio: 0.25,
  dew_point_high_celsius: 15,
} as const satisfies Readonly<Record<string, number>>;

export type RoomLimit = keyof typeof ROOM_LIMITS;

/** The limits that a site sets itself. */
export type OwnLimits = { readonly [L in RoomLimit]?: number };
