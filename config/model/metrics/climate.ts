import { counter, gauge, state, type Metric } from './metric.ts';

/** Air conditioners. */
export const CLIMATE_METRICS = {
  crac_supply_air_celsius: gauge(
    'celsius',
    'Temperature of the air that an air conditioner blows out.',
    'unit',
  ),
  crac_return_air_celsius: gauge(
    'celsius',
    'Temperature of the air that an air conditioner takes in.',
    'unit',
  ),
  crac_setpoint_celsius: gauge('celsius', 'Temperature that an air conditioner is set to.', 'unit'),
  crac_return_humidity_ratio: gauge(
    'ratio',
    'Relative humidity of the air that an air conditioner takes in, 0 to 1.',
    'unit',
  ),
  crac_supply_humidity_ratio: gauge(
    'ratio',
    'Relative humidity of the air that an air conditioner blows out, 0 to 1.',
    'unit',
  ),
  crac_humidity_setpoint_ratio: gauge(
    'ratio',
    'Relative humidity that an air conditioner is set to, 0 to 1.',
    'unit',
  ),
  crac_fan_ratio: gauge(
    'ratio',
    'Speed of a fan of an air conditioner as a share of its fastest, 0 to 1.',
    'unit',
  ),
  crac_fan_rpm: gauge('rpm', 'Speed of a fan of an air conditioner.', 'unit'),
  crac_cooling_ratio: gauge('ratio', 'Cooling of an air conditioner as a share of its most, 0 to 1.', 'unit'),
  crac_heating_ratio: gauge('ratio', 'Heating of an air conditioner as a share of its most, 0 to 1.', 'unit'),
  crac_humidifying_ratio: gauge(
    'ratio',
    'Humidifying of an air conditioner as a share of its most, 0 to 1.',
    'unit',
  ),
  crac_dehumidifying_ratio: gauge(
    'ratio',
    'Dehumidifying of an air conditioner as a share of its most, 0 to 1.',
    'unit',
  ),
  crac_valve_ratio: gauge('ratio', 'Opening of a valve of an air conditioner, 0 to 1.', 'unit'),
  crac_compressor_ratio: gauge('ratio', 'Output of a compressor as a share of its most, 0 to 1.', 'unit'),
  crac_cooling_watts: gauge('watts', 'Heat that an air conditioner takes away.', 'unit'),
  crac_cooling_demand_watts: gauge('watts', 'Heat that an air conditioner is asked to take away.', 'unit'),
  crac_airflow_cubic_meters_per_second: gauge(
    'cubic_meters_per_second',
    'Air that an air conditioner moves.',
    'unit',
  ),
  crac_supply_water_celsius: gauge(
    'celsius',
    'Temperature of the water that an air conditioner is given.',
    'unit',
  ),
  crac_return_water_celsius: gauge(
    'celsius',
    'Temperature of the water that an air conditioner gives back.',
    'unit',
  ),
  crac_water_cubic_meters_per_second: gauge(
    'cubic_meters_per_second',
    'Water that flows through an air conditioner.',
    'unit',
  ),
  crac_filter_pascals: gauge('pascals', 'Pressure that falls at the filter of an air conditioner.', 'unit'),
  crac_run_seconds_total: counter('seconds', 'How long a part of an air conditioner has run.', 'part'),
  crac_state: state(
    'What an air conditioner does.',
    { on: undefined, standby: 'info', off: 'minor', fault: 'critical', unknown: 'info' },
    'unit',
  ),
} satisfies Record<string, Metric>;
