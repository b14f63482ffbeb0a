/** What can be made to happen in the demonstration room. `recover` ends all of it. */
export const LAB_SCENARIOS = [
  'mains-failure',
  'hot-aisle',
  'leak',
  'smoke',
  'firewall-down',
  'switch-down',
  'door-open',
  'recover',
] as const;
export type LabScenario = (typeof LAB_SCENARIOS)[number];

/** The name of the lab's control socket in the data folder. */
export const LAB_SOCKET = 'lab.sock';
