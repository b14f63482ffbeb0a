import { useApp } from '../app.ts';

/** A beat moves the dot by so much: a full round takes half a minute. */
const DEGREES = 24;

/** The product's mark is the watcher's own heartbeat: a dot that goes round while the collector is heard. */
export function HeartbeatMark() {
  const { link } = useApp();
  const isLost = link.connection.value.kind === 'lost';
  return (
    <svg class="heartbeat" data-lost={isLost} viewBox="0 0 32 32" aria-hidden="true">
      <circle class="heartbeat-ring" cx="16" cy="16" r="11" />
      <g style={{ transform: `rotate(${45 + link.beats.value * DEGREES}deg)` }}>
        <circle class="heartbeat-dot" cx="16" cy="5" r="4.2" />
      </g>
    </svg>
  );
}
