import { CONDITION } from './hardware.ts';
import { counter, gauge, state, type Metric } from './metric.ts';

/** What firewalls, gateways and clusters of any kind tell beside their ports and parts. */
export const FIREWALL_METRICS = {
  firewall_sessions: gauge('count', 'Sessions that a firewall or gateway has open.', 'kind'),
  firewall_sessions_limit: gauge('count', 'Sessions that a firewall can have open.', 'kind'),
  firewall_session_load_ratio: gauge('ratio', 'Share of the sessions possible that are open.', 'kind'),
  firewall_sessions_per_second: gauge('count', 'Sessions that are opened in a second.', 'kind'),
  vpn_tunnels: gauge('count', 'VPN tunnels that are up.', 'kind'),
  vpn_users: gauge('count', 'Users who are connected by VPN.', 'kind'),
  firewall_events_total: counter('count', 'What a gateway has seen, passed or blocked.', 'event'),
  tunnel_state: state(
    'Whether a tunnel is up.',
    { up: undefined, changing: 'info', down: 'major', unknown: 'info' },
    'tunnel',
  ),
  link_state: state(
    'Whether a link, path or session to another device works.',
    {
      up: undefined,
      disabled: undefined,
      changing: 'info',
      degraded: 'minor',
      down: 'major',
      unknown: 'info',
    },
    'link',
  ),
  link_latency_seconds: gauge('seconds', 'Time that a probe takes over a link and back.', 'link'),
  link_jitter_seconds: gauge('seconds', 'How much the latency of a link varies.', 'link'),
  link_loss_ratio: gauge('ratio', 'Share of probes that a link loses, 0 to 1.', 'link'),
  cluster_role: state(
    'Part that a member plays in a cluster.',
    {
      active: undefined,
      standby: undefined,
      standalone: undefined,
      changing: 'minor',
      suspended: 'major',
      failed: 'critical',
      unknown: 'info',
    },
    'member',
  ),
  cluster_sync_state: state(
    'Whether a member of a cluster has what the others have.',
    { synced: undefined, disabled: undefined, changing: 'info', not_synced: 'major', unknown: 'info' },
    'member',
  ),
  service_state: state(
    'Condition of a service or a licence of a device.',
    { ...CONDITION, disabled: undefined },
    'service',
  ),
} satisfies Record<string, Metric>;
