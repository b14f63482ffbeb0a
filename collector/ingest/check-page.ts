import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../config/model/errors.ts';
import { checkOpenMetrics, type PageFault } from './openmetrics/check.ts';
import { createPageReader, readPage } from './page.ts';
import { parseSeriesText } from './series-text.ts';
import { DEFAULT_LIMITS } from './target.ts';

/** What a strict reader says of a page. */
export interface PageVerdict {
  readonly format: 'OpenMetrics 1.0' | 'text 0.0.4';
  readonly samples: number;
  readonly fault: PageFault | undefined;
}

/** A page that says `# EOF` means to be OpenMetrics; another is Prometheus' text format. */
export function faultOfPage(page: Buffer): PageVerdict {
  const text = page.toString();
  const isOpen = /^# EOF\s*$/m.test(text);
  const format = isOpen ? 'OpenMetrics 1.0' : 'text 0.0.4';
  const samples = text.split('\n').filter((line) => /^[^#\s]/.test(line)).length;
  if (!isUtf8(page)) return { format, samples, fault: { line: 1, message: 'the page is not UTF-8' } };
  return { format, samples, fault: isOpen ? checkOpenMetrics(text) : checkText(page) };
}

/** As the scraper reads it, and no line twice. */
function checkText(page: Buffer): PageFault | undefined {
  const reader = createPageReader({
    maxSamples: DEFAULT_LIMITS.maxSamples,
    interpret: (seriesText) => {
      const labels = parseSeriesText(seriesText);
      return typeof labels === 'string' ? labels : { seriesText };
    },
  });
  try {
    const { meanings } = readPage(reader, page);
    const once = new Set<unknown>();
    const twice = meanings.find((line) => once.size === once.add(line).size);
    return (
      twice && { line: lastLineOf(page, twice.seriesText), message: `${twice.seriesText} is there twice` }
    );
  } catch (error) {
    const [, line = '1', message = messageOf(error)] = /^line (\d+): (.*)$/s.exec(messageOf(error)) ?? [];
    return { line: Number(line), message };
  }
}

function lastLineOf(page: Buffer, seriesText: string): number {
  const isIts = (line: string): boolean =>
    line.startsWith(seriesText) && (seriesText.endsWith('}') || /^\s/.test(line.slice(seriesText.length)));
  return (
    page
      .toString()
      .split('\n')
      .findLastIndex((line) => isIts(line.trimStart())) + 1
  );
}
