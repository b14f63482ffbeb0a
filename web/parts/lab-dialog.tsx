import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LabBody } from '../../config/model/api.ts';
import { LAB_SCENARIOS, type LabScenario } from '../../config/model/lab.ts';
import { useApp, useText } from '../app.ts';
import type { Answer, Refusal } from '../data/api.ts';
import { Dialog } from './dialog.tsx';
import { Loading, refusalText } from './notice.tsx';

type Feedback =
  | { readonly kind: 'none' }
  | { readonly kind: 'started'; readonly scenario: LabScenario }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

function FeedbackLine({ feedback }: { readonly feedback: Feedback }) {
  const { t, words } = useText();
  if (feedback.kind === 'none') return null;
  if (feedback.kind === 'refused') return <>{refusalText(feedback.refusal, words)}</>;
  if (feedback.scenario === 'recover') return <>{t('lab.recovered')}</>;
  return <>{t('lab.done', { scenario: t(`lab.scenario.${feedback.scenario}`) })}</>;
}

interface ScenarioProps {
  readonly scenario: LabScenario;
  readonly isActive: boolean;
  readonly isBusy: boolean;
  readonly onStart: () => void;
}

function Scenario({ scenario, isActive, isBusy, onStart }: ScenarioProps) {
  const { t } = useText();
  return (
    <li class="scenario" data-active={isActive} data-scenario={scenario}>
      <button type="button" class="button scenario-button" disabled={isBusy} onClick={onStart}>
        {t(`lab.scenario.${scenario}`)}
      </button>
      <p class="scenario-effect">
        {isActive && <strong class="scenario-active">{t('lab.active')}</strong>}
        {t(`lab.effect.${scenario}`)}
      </p>
    </li>
  );
}

/** Makes things happen in the demonstration room. */
export function LabDialog() {
  const { api } = useApp();
  const { t } = useText();
  const lab = useSignal<LabBody | undefined>(undefined);
  const feedback = useSignal<Feedback>({ kind: 'none' });
  const isBusy = useSignal(false);

  function take(answer: Answer<LabBody>): void {
    if (answer.ok) lab.value = answer.body;
    else feedback.value = { kind: 'refused', refusal: answer.refusal };
  }

  async function start(scenario: LabScenario): Promise<void> {
    isBusy.value = true;
    const answer = await api.startScenario(scenario);
    isBusy.value = false;
    if (answer.ok) feedback.value = { kind: 'started', scenario };
    take(answer);
  }

  useEffect(() => {
    void api.lab().then(take);
  }, [api]);

  const body = lab.value;
  return (
    <Dialog title={t('lab.title')}>
      <p class="dialog-intro">{t('lab.intro')}</p>
      {body === undefined && feedback.value.kind === 'none' && <Loading />}
      {body !== undefined && (
        <ul class="scenarios">
          {LAB_SCENARIOS.filter((scenario) => body.scenarios.includes(scenario)).map((scenario) => (
            <Scenario
              key={scenario}
              scenario={scenario}
              isActive={body.active.includes(scenario)}
              isBusy={isBusy.value}
              onStart={() => void start(scenario)}
            />
          ))}
        </ul>
      )}
      <p class="feedback" role="status">
        <FeedbackLine feedback={feedback.value} />
      </p>
    </Dialog>
  );
}
