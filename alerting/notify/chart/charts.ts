import type { AlertInstance } from '../../../config/model/alert.ts';
import type { Language } from '../../../config/model/localized.ts';
import type { Site } from '../../../config/model/site.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { createTrouble } from '../../../config/runtime/trouble.ts';
import type { RuleExpression } from '../../ports.ts';
import { firedAtMs } from '../urgency.ts';
import { escapeHtml } from '../html.ts';
import { formatQuantity } from '../quantity.ts';
import { text } from '../texts.ts';
import { CHART, chartSvg } from './svg.ts';
import { curveOf } from './curve.ts';
import { pngOf } from './image.ts';
import { markIn } from './mark.ts';

/** An alert and what its rule asks; an alert that others posted has no rule. */
export interface Judged {
  readonly instance: AlertInstance;
  readonly expression: RuleExpression;
}

export interface ChartDeps {
  readonly log: Log;
  readonly site: () => Site;
  readonly judged: (fingerprint: string) => Judged | undefined;
  /** Draws; another than the usual one for tests. */
  readonly draw?: typeof pngOf;
}

/** A mail does not wait longer for its picture. */
const DEADLINE_MS = 3_000;
/** Mails about one alert to several people leave together. */
const KEPT = 8;

export interface Picture {
  /** What the HTML names it by (RFC 2392). */
  readonly contentId: string;
  readonly png: Buffer;
}

export type Charts = (
  html: string,
  writtenAtMs: number,
) => Promise<{ readonly html: string; readonly picture?: Picture }>;

/**
 * Puts the chart of the last hours into the HTML of a mail; up to when it was written, however late it leaves. Where it
 * cannot be drawn the mail is what it is without. Never rejects.
 */
export function createCharts({ log, site, judged, draw = pngOf }: ChartDeps): Charts {
  const drawn = new Map<string, Promise<Drawn | undefined>>();
  const trouble = createTrouble(log, {
    level: 'warn',
    begins: 'charts of mails cannot be drawn',
    ends: 'charts of mails are drawn again',
  });
  const drawing = async (asked: Asked): Promise<Drawn | undefined> => {
    try {
      const chart = chartOf(judged(asked.fingerprint), { ...asked, site: site() });
      const png = chart && (await draw(chart.svg, AbortSignal.timeout(DEADLINE_MS)));
      trouble.ended();
      return chart && png && { png, caption: chart.caption };
    } catch (error) {
      trouble.happened({ err: error });
      return undefined;
    }
  };
  const drawnFor = (asked: Asked): Promise<Drawn | undefined> => {
    const key = `${asked.fingerprint} ${asked.language} ${asked.endMs}`;
    const known = drawn.get(key) ?? drawing(asked);
    drawn.set(key, known);
    for (const old of [...drawn.keys()].slice(0, -KEPT)) drawn.delete(old);
    return known;
  };
  return async (html, writtenAtMs) => {
    const found = markIn(html);
    if (found === undefined) return { html };
    const { mark, ...asked } = found;
    const own = await drawnFor({ ...asked, endMs: writtenAtMs });
    if (own === undefined) return { html: html.replace(mark, '') };
    const contentId = `chart.${writtenAtMs}@watchkeeper`;
    return {
      html: html.replace(mark, () => imageHtml(contentId, own.caption)),
      picture: { contentId, png: own.png },
    };
  };
}

interface Asked {
  readonly fingerprint: string;
  readonly language: Language;
  readonly endMs: number;
}

interface Drawn {
  readonly png: Buffer;
  readonly caption: string;
}

function chartOf(
  found: Judged | undefined,
  { site, language, endMs }: Asked & { readonly site: Site },
): { readonly svg: string; readonly caption: string } | undefined {
  if (found === undefined) return undefined;
  const { instance, expression } = found;
  const { timeZone } = site;
  const { unit } = instance.annotations;
  const curve = curveOf(expression, instance.element, endMs);
  if (curve === undefined) return undefined;
  const chart = chartSvg(curve, { language, timeZone, unit, firedAtMs: firedAtMs(instance) });
  const limit = curve.limits?.findLast((value) => value !== undefined);
  const words = [
    text(language, 'chart.caption', { zone: timeZone }),
    ...(chart.unit === '' ? [] : [text(language, 'chart.unit', { unit: chart.unit })]),
    ...(limit === undefined
      ? []
      : [text(language, 'chart.limit', { value: formatQuantity(limit, unit, language) ?? String(limit) })]),
    ...(firedAtMs(instance) > curve.startMs ? [text(language, 'chart.fired')] : []),
  ];
  return { svg: chart.svg, caption: words.join(' · ') };
}

function imageHtml(contentId: string, caption: string): string {
  const words = escapeHtml(caption);
  return (
    `<tr><td style="padding:12px 16px"><img src="cid:${contentId}" width="${CHART.width}" alt="${words}" style="display:block;max-width:100%;height:auto">` +
    `<div style="color:#5f5f5f;font-size:12px">${words}</div></td></tr>`
  );
}
