import type { Severity } from '../../config/model/severity.ts';
import { levelOf } from '../../config/model/severity.ts';
import type { Sign } from '../data/urgency.ts';

const SHAPES: Readonly<Record<Severity, string>> = {
  critical:
    'M3 1.5h10a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5z',
  major: 'M8 .8 15.6 14.4H.4z',
  minor: 'M8 .4 15.6 8 8 15.6.4 8z',
  info: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
};

function SeverityShape({ severity }: { readonly severity: Severity }) {
  return (
    <>
      <path class="mark-shape" d={SHAPES[severity]} />
      <text class="mark-level" x="8" y={severity === 'major' ? 13 : 11.6} text-anchor="middle">
        {levelOf(severity)}
      </text>
    </>
  );
}

function PlainShape({ sign }: { readonly sign: 'ok' | 'unknown' | 'starting' }) {
  if (sign === 'ok') return <circle class="mark-ring" cx="8" cy="8" r="4.6" />;
  if (sign === 'starting') return <circle class="mark-dots" cx="8" cy="8" r="5.4" />;
  return (
    <>
      <rect class="mark-dashes" x="1.6" y="1.6" width="12.8" height="12.8" rx="1.5" />
      <text class="mark-question" x="8" y="11.9" text-anchor="middle">
        ?
      </text>
    </>
  );
}

/**
 * The shape that tells a state without its colour: square 1, triangle 2, diamond 3, circle 4 for the severities, a thin
 * ring for normal, a dashed box for unknown. A held alert is hollow. Its word must stand beside it.
 */
export function SignMark({ sign, isHeld = false }: { readonly sign: Sign; readonly isHeld?: boolean }) {
  const isPlain = sign === 'ok' || sign === 'unknown' || sign === 'starting';
  return (
    <svg class="mark" data-sign={sign} data-held={isHeld} viewBox="0 0 16 16" aria-hidden="true">
      {isPlain ? <PlainShape sign={sign} /> : <SeverityShape severity={sign} />}
    </svg>
  );
}
