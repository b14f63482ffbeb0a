import type { SessionBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { FactorSetup } from '../parts/factor-setup.tsx';
import { Gate } from '../parts/gate.tsx';
import { NewPassword } from '../parts/new-password.tsx';
import { SealedCode } from '../parts/slips.tsx';

/** What must be chosen before anything else is open: a password of one's own, a second factor. */
export function SetupPage({ body, account }: { readonly body: SessionBody; readonly account: Account }) {
  const { keeper } = useApp();
  const { t } = useText();
  const isPassword = account.setup === 'password';
  const refresh = (): void => void keeper.refresh();
  const sealed = keeper.nextSealedCode.value;
  return (
    <Gate body={body} title={t(isPassword ? 'setup.password' : 'setup.factor')}>
      {sealed !== undefined && <SealedCode name={account.name} code={sealed} />}
      <p class="gate-note">{t(isPassword ? 'setup.password.intro' : 'setup.factor.intro')}</p>
      {isPassword ? (
        <NewPassword name={account.name} asksPresent={false} onChanged={refresh} />
      ) : (
        <FactorSetup onDone={refresh} />
      )}
      <button type="button" class="button" onClick={() => void keeper.signOut()}>
        {t('action.sign_out')}
      </button>
    </Gate>
  );
}
