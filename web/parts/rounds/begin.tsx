import type { RoundHead } from '../../../config/model/round-api.ts';
import { useApp, useText } from '../../app.ts';
import { paths } from '../../data/route.ts';
import type { Account } from '../../data/session.ts';

interface BeginProps {
  readonly template: RoundHead;
  readonly due?: string | undefined;
  readonly account: Pick<Account, 'name'>;
}

function useBegin({ template, due, account }: BeginProps) {
  const { rounds, router } = useApp();
  return async (isPaper: boolean): Promise<void> => {
    const whole = await rounds.template(template.id, template.version);
    if (whole === undefined) return;
    const id = await rounds.begin(whole, { due, isPaper, walkedBy: account.name });
    router.go(paths.roundWalk(id));
  };
}

/** Begins a due round, or goes on with it where it was begun on this device. */
export function BeginButtons(props: BeginProps) {
  const { rounds } = useApp();
  const { t } = useText();
  const begin = useBegin(props);
  const begun = rounds.rounds.value.find(
    ({ round, state }) => round.due === props.due && props.due !== undefined && state.kind === 'walking',
  );
  if (begun !== undefined)
    return (
      <a class="button button-main" href={paths.roundWalk(begun.round.id)}>
        {t('rounds.go_on')}
      </a>
    );
  return (
    <>
      <button type="button" class="button button-main" onClick={() => void begin(false)}>
        {t('rounds.begin')}
      </button>
      <button type="button" class="button" onClick={() => void begin(true)}>
        {t('rounds.paper')}
      </button>
    </>
  );
}

/** Begins a round that is not due. */
export function BeginSpecial(props: BeginProps) {
  const { t } = useText();
  const begin = useBegin(props);
  return (
    <>
      <button type="button" class="button" onClick={() => void begin(false)}>
        {t('rounds.special')}
      </button>
      <button type="button" class="button" onClick={() => void begin(true)}>
        {t('rounds.paper')}
      </button>
    </>
  );
}
