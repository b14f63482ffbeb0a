import { describe, expect, it } from 'vitest';
import type { TemplateData } from '../../../../alerting/templates/given.ts';
import { parseTemplate } from '../../../../alerting/templates/template.ts';
import { CASES } from './cases.ts';

const STEADY = { isSteady: true, tellsValue: false };
const OF_VALUE = { isSteady: true, tellsValue: true };
const BEYOND = { isSteady: false, tellsValue: true };

describe('what a template speaks of', () => {
  it.each([
    ['plain', STEADY],
    ['{{ $labels.instance }}', STEADY],
    ['{{ .Labels.instance }} {{ $.Labels.room | toUpper }}', STEADY],
    // Words of a text and names of labels are no functions.
    ['a link, a query, a value, now {{ $labels.query }} {{ "now" }} {{ $labels.external_link }}', STEADY],
    ['{{ if $labels.path }}{{ $labels.path }}{{ else }}none . $ value{{ end }}', STEADY],
    ['{{ range $name, $text := $labels }}{{ $name }}={{ . }}{{ $text }}{{ end }}', STEADY],
    ['{{ with $labels.room }}{{ . }}{{ $.Labels.room }}{{ end }}', STEADY],
    ['{{ define "x" }}{{ . }}{{ $ }}{{ end }}{{ template "x" $labels.room }}', STEADY],
    ['{{ $room := $labels.room }}{{ $room }}', STEADY],
    ['{{ $value }}', OF_VALUE],
    ['{{ .Value | humanize }}', OF_VALUE],
    ['{{ with $labels.room }}{{ $.Value }}{{ end }}', OF_VALUE],
    ['{{ if gt $value 1.0 }}high{{ end }}', OF_VALUE],
    ['{{ $v := printf "%.1f" $value }}{{ $v }}', OF_VALUE],
    ['{{ define "x" }}{{ . }}{{ end }}{{ template "x" .Value }}', OF_VALUE],
    ['{{ now }}', BEYOND],
    ['{{ query "up" | first | value }}', BEYOND],
    ['{{ (query "up" | first).Labels.instance }}', BEYOND],
    ['{{ range query "up" }}{{ .Value }}{{ end }}', BEYOND],
    ['{{ if false }}{{ now }}{{ end }}', BEYOND],
    ['{{ if false }}x{{ else }}{{ now }}{{ end }}', BEYOND],
    ['{{ define "x" }}{{ now }}{{ end }}{{ template "x" }}', BEYOND],
    ['{{ $externalURL }}', BEYOND],
    ['{{ $externalLabels.site }}', BEYOND],
    ['{{ .ExternalURL }}', BEYOND],
    ['{{ $.ExternalLabels.site }}', BEYOND],
    ['{{ . }}', BEYOND],
    ['{{ $ }}', BEYOND],
    ['{{ with . }}{{ .Value }}{{ end }}', BEYOND],
    ['{{ define "x" }}{{ .Value }}{{ end }}{{ template "x" . }}', BEYOND],
    ['{{ $all := . }}{{ $all.Value }}', BEYOND],
  ])('%s', (source, reach) => {
    expect(parseTemplate(source)).toMatchObject(reach);
  });

  it('is all that it looks at when it is run', () => {
    const looked = new Set<string>();
    const data = (value: number): TemplateData => ({
      labels: { __name__: 'm', a: 'x' },
      value,
      externalLabels: { site: 'east' },
      externalUrl: 'http://watch.example',
      get nowMs() {
        looked.add('now');
        return 60_000;
      },
      query() {
        looked.add('query');
        return [];
      },
    });
    const run = (source: string, value: number): string => {
      try {
        return parseTemplate(source).expand(data(value));
      } catch (error) {
        return String(error);
      }
    };
    for (const source of CASES.map(([, template]) => template)) {
      const { isSteady, tellsValue } = parseTemplate(source);
      looked.clear();
      const texts = [run(source, 1), run(source, 2)];
      if (isSteady) expect([source, [...looked]]).toEqual([source, []]);
      if (!tellsValue) expect([source, texts[1]]).toEqual([source, texts[0]]);
    }
  });
});
