import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CommandPreview } from '../../../config/model/command.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { useApp, useText } from '../../app.ts';
import type { Acts } from '../../data/acts.ts';
import type { Answer } from '../../data/api.ts';
import { Effects } from '../command-dialog.tsx';
import { refusalText } from '../notice.tsx';

const MINUTES = [30, 60, 120, 240, 480, 720, 1440] as const;
/** What a silence is usually about: this alert, of this device; where it has none, this very alert. */
function usualNames(labels: Labels): readonly string[] {
  const names = Object.keys(labels).filter((name) => name !== 'severity');
  return labels['device'] === undefined
    ? names
    : names.filter((name) => ['alertname', 'device'].includes(name));
}

const MINUTE_MS = 60_000;
const OPS = ['=', '!=', '=~', '!~'] as const;
/** What silences are mostly about. */
const NAMES = ['alertname', 'device', 'room', 'kind', 'layer', 'severity', 'instance'] as const;
const EMPTY: Matcher = { name: '', op: '=', value: '' };

interface SilenceFormProps {
  /** Of the alert that is to be silent; absent: the person writes the conditions. */
  readonly labels?: Labels | undefined;
  readonly acts: Acts;
  readonly onClose: () => void;
}

function usePreview({ labels }: SilenceFormProps) {
  const { api, clock } = useApp();
  const names = useSignal(usualNames(labels ?? {}));
  const written = useSignal<readonly Matcher[]>([EMPTY]);
  const kind = useSignal<'silence' | 'maintenance'>('silence');
  const minutes = useSignal<number>(60);
  const shown = useSignal<{ readonly input: object; readonly answer: Answer<CommandPreview> } | undefined>(
    undefined,
  );
  const matchers: readonly Matcher[] =
    labels === undefined
      ? written.value.filter(({ name }) => name.trim() !== '')
      : names.value.map((name) => ({ name, op: '=', value: labels[name] ?? '' }));
  const asked = JSON.stringify([matchers, kind.value, minutes.value]);
  useEffect(() => {
    let isOld = false;
    shown.value = undefined;
    const input = {
      kind: kind.value,
      matchers,
      endsAtMs: clock.nowMs() + minutes.value * MINUTE_MS,
      // What it is for is asked below; it changes nothing of what it does.
      reason: '-',
    };
    if (matchers.length === 0) return undefined;
    void (async () => {
      const answer = await api.command<CommandPreview>('make-silence', { mode: 'preview', input });
      if (!isOld) shown.value = { input, answer };
    })();
    return () => {
      isOld = true;
    };
  }, [asked]);
  return { names, written, kind, minutes, shown };
}

type Preview = ReturnType<typeof usePreview>;

/** Conditions as the person writes them; all must hold. */
function Written({ written }: Pick<Preview, 'written'>) {
  const { t } = useText();
  const change = (at: number, part: Partial<Matcher>): void => {
    written.value = written.value.map((one, index) => (index === at ? { ...one, ...part } : one));
  };
  return (
    <fieldset class="silence-conditions">
      <legend>{t('silence.what')}</legend>
      {written.value.map(({ name, op, value }, index) => (
        <div key={index} class="silence-condition">
          <input
            type="text"
            aria-label={t('silence.condition.name')}
            placeholder="device"
            list="silence-names"
            value={name}
            onInput={(event) => change(index, { name: event.currentTarget.value })}
          />
          <select
            aria-label={t('silence.condition.op')}
            value={op}
            onChange={(event) =>
              change(index, { op: OPS.find((known) => known === event.currentTarget.value) ?? '=' })
            }
          >
            {OPS.map((known) => (
              <option key={known} value={known}>
                {known}
              </option>
            ))}
          </select>
          <input
            type="text"
            aria-label={t('silence.condition.value')}
            placeholder="ups-a"
            value={value}
            onInput={(event) => change(index, { value: event.currentTarget.value })}
          />
        </div>
      ))}
      <datalist id="silence-names">
        {NAMES.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button
        type="button"
        class="button"
        onClick={() => {
          written.value = [...written.value, EMPTY];
        }}
      >
        {t('silence.condition.more')}
      </button>
    </fieldset>
  );
}

interface WhatProps extends Pick<Preview, 'names'> {
  readonly labels: Labels;
}

function What({ labels, names }: WhatProps) {
  const { t } = useText();
  return (
    <fieldset>
      <legend>{t('silence.what')}</legend>
      {Object.entries(labels).map(([name, value]) => (
        <label key={name} class="check">
          <input
            type="checkbox"
            checked={names.value.includes(name)}
            onChange={({ currentTarget: { checked } }) => {
              names.value = Object.keys(labels).filter((one) =>
                one === name ? checked : names.value.includes(one),
              );
            }}
          />
          <code>{`${name} = ${value}`}</code>
        </label>
      ))}
    </fieldset>
  );
}

function HowLong({ kind, minutes }: Pick<Preview, 'kind' | 'minutes'>) {
  const { t } = useText();
  return (
    <>
      <label>
        {t('silence.kind')}
        <select
          value={kind.value}
          onChange={(event) => {
            kind.value = event.currentTarget.value === 'maintenance' ? 'maintenance' : 'silence';
          }}
        >
          <option value="silence">{t('silence.kind.silence')}</option>
          <option value="maintenance">{t('silence.kind.maintenance')}</option>
        </select>
      </label>
      <label>
        {t('silence.for')}
        <select
          value={minutes.value}
          onChange={(event) => (minutes.value = Number(event.currentTarget.value))}
        >
          {MINUTES.map((n) => (
            <option key={n} value={n}>
              {n < 60 ? t('silence.minutes', { n }) : t('silence.hours', { n: n / 60 })}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Shown({ answer }: { readonly answer: Answer<CommandPreview> | undefined }) {
  const { words, t } = useText();
  return (
    <div class="command" role="status">
      <h3>{t('command.preview')}</h3>
      {answer === undefined ? (
        <p>{t('command.wait')}</p>
      ) : answer.ok ? (
        <Effects effects={answer.body.effects} />
      ) : (
        <p class="form-fault">
          {refusalText(answer.refusal, words)} {answer.refusal.message}
        </p>
      )}
    </div>
  );
}

/** Which alerts shall be silent, for how long and why; what that will do stands below before it is done. */
export function SilenceForm(props: SilenceFormProps) {
  const { labels, acts, onClose } = props;
  const { t } = useText();
  const { names, written, kind, minutes, shown } = usePreview(props);
  const reason = useSignal('');
  const preview = shown.value;
  const isReady = preview?.answer.ok === true && reason.value.trim() !== '';
  return (
    <form
      class="console-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (preview?.answer.ok !== true) return;
        const input = { ...preview.input, reason: reason.value };
        void acts.giveAsShown('make-silence', input, preview.answer.body.version);
        onClose();
      }}
    >
      {labels === undefined ? <Written written={written} /> : <What labels={labels} names={names} />}
      <HowLong kind={kind} minutes={minutes} />
      <label>
        {t('silence.reason')}
        <input
          type="text"
          required
          autofocus
          maxLength={2000}
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
      <Shown answer={preview?.answer} />
      <button type="submit" class="button button-main" disabled={!isReady}>
        {t('act.silence')}
      </button>
    </form>
  );
}
