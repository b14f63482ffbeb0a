import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OwnAccountBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { FactorSetup, SpareCodes } from '../parts/factor-setup.tsx';
import { Field } from '../parts/field.tsx';
import { NewPassword } from '../parts/new-password.tsx';
import { Loading } from '../parts/notice.tsx';

function SessionList({
  own,
  onChange,
}: {
  readonly own: OwnAccountBody;
  readonly onChange: (id?: string) => void;
}) {
  const { t, format } = useText();
  return (
    <section class="panel" aria-label={t('account.sessions')}>
      <h2 class="panel-title">{t('account.sessions')}</h2>
      <ul class="own-sessions">
        {own.sessions.map(({ id, isThis, usedAtMs, origin, browser }) => (
          <li key={id}>
            <p>
              {`${origin} · ${t('account.session.used', { time: format.full(usedAtMs) })}`}
              {isThis && ` · ${t('account.session.this')}`}
              <span class="cell-note">{browser}</span>
            </p>
            {!isThis && (
              <button type="button" class="button" onClick={() => onChange(id)}>
                {t('account.session.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {own.sessions.length > 1 && (
        <button type="button" class="button" onClick={() => onChange()}>
          {t('account.session.end_all')}
        </button>
      )}
    </section>
  );
}

type FactorAct = 'begin' | 'renew' | 'remove';

function useFactorActs({ onChange }: { readonly onChange: () => void }) {
  const { api } = useApp();
  const { t } = useText();
  const password = useSignal('');
  const proof = useSignal<string | undefined>(undefined);
  const codes = useSignal<readonly string[]>([]);
  const fault = useSignal('');
  const isBusy = useSignal(false);
  async function renew(given: string): Promise<void> {
    const answer = await api.renewRecoveryCodes(given);
    if (answer.ok) codes.value = answer.body.codes;
    else fault.value = answer.refusal.message;
  }
  /** Each is done on a proof of its own; a second press while it is on its way does nothing. */
  async function act(name: FactorAct): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    await acted(name);
    isBusy.value = false;
  }
  async function acted(name: FactorAct): Promise<void> {
    const answer = await api.prove({ purpose: 'second_factor', password: password.value });
    fault.value = answer.ok ? '' : t('sign_in.failed');
    if (!answer.ok) return;
    password.value = '';
    const given = answer.body.proof;
    if (name === 'begin') {
      proof.value = given;
      return;
    }
    if (name === 'renew') await renew(given);
    else await api.removeFactor(given);
    onChange();
  }
  return { password, proof, codes, fault, isBusy, act };
}

function SecondFactor({ own, onChange }: { readonly own: OwnAccountBody; readonly onChange: () => void }) {
  const { t } = useText();
  const { password, proof, codes, fault, isBusy, act } = useFactorActs({ onChange });
  const acts: readonly FactorAct[] = own.hasSecondFactor ? ['renew', 'remove'] : ['begin'];
  return (
    <section class="panel" aria-label={t('account.factor')}>
      <h2 class="panel-title">{t('account.factor')}</h2>
      <p>
        {own.hasSecondFactor ? t('account.factor.on', { n: own.recoveryCodesLeft }) : t('account.factor.off')}
      </p>
      {codes.value.length > 0 && (
        <SpareCodes
          codes={codes.value}
          onDone={() => {
            codes.value = [];
          }}
        />
      )}
      {proof.value === undefined ? (
        <form class="form" onSubmit={(event) => event.preventDefault()}>
          <Field label={t('account.password.now')} value={password} autocomplete="current-password" />
          <p class="form-fault" role="alert">
            {fault.value}
          </p>
          <div class="row-actions">
            {acts.map((name) => (
              <button
                key={name}
                type="submit"
                class="button"
                disabled={isBusy.value}
                onClick={() => void act(name)}
              >
                {t(`account.factor.${name}`)}
              </button>
            ))}
          </div>
        </form>
      ) : (
        <FactorSetup
          proof={proof.value}
          onDone={() => {
            proof.value = undefined;
            onChange();
          }}
        />
      )}
    </section>
  );
}

/** What a person does with the own account. */
export function AccountPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const own = useSignal<OwnAccountBody | undefined>(undefined);
  const isChanged = useSignal(false);
  const load = async (): Promise<void> => {
    const answer = await api.ownAccount();
    if (answer.ok) own.value = answer.body;
  };
  useEffect(() => void load(), []);
  if (own.value === undefined) return <Loading />;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('account.title')}</h1>
      </div>
      <section class="panel" aria-label={t('account.password')}>
        <h2 class="panel-title">{t('account.password')}</h2>
        <NewPassword
          name={account.name}
          asksPresent
          onChanged={() => {
            isChanged.value = true;
            void load();
          }}
        />
        <p role="status">{isChanged.value && t('account.password.changed')}</p>
      </section>
      <SecondFactor own={own.value} onChange={() => void load()} />
      <SessionList own={own.value} onChange={(id) => void api.endSessions(id).then(async () => load())} />
    </div>
  );
}
