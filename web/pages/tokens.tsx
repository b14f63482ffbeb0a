import { useSignal } from '@preact/signals';
import { mayCall, SCOPES } from '../../config/model/access.ts';
import type { TokensBody } from '../../config/model/api.ts';
import type { CommandName } from '../../config/model/command.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { AddDisplay, AddToken } from '../parts/token-forms.tsx';
import type { Chosen } from './people.tsx';

type TokenView = TokensBody['tokens'][number];

const COLUMNS = ['name', 'scopes', 'owner', 'ends', 'used', 'state', 'actions'] as const;
const KNOWN_SCOPES = [...SCOPES, 'display'] as const;

function stateOf({ revokedAtMs, endsAtMs }: TokenView, nowMs: number): 'active' | 'ended' | 'revoked' {
  if (revokedAtMs !== undefined) return 'revoked';
  return nowMs < endsAtMs ? 'active' : 'ended';
}

interface RowProps {
  readonly token: TokenView;
  readonly mayRevoke: boolean;
  readonly onChoose: (chosen: Chosen) => void;
}

function TokenRow({ token, mayRevoke, onChoose }: RowProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { id, name, owner, endsAtMs, usedAtMs } = token;
  const state = stateOf(token, nowMs.value);
  const scopes = KNOWN_SCOPES.filter((scope) => token.scopes.includes(scope));
  return (
    <tr data-token={name} data-state={state}>
      <td data-label={t('tokens.column.name')}>{name}</td>
      <td data-label={t('tokens.column.scopes')}>
        {scopes.map((scope) => t(`scope.${scope}`)).join(t('list.separator'))}
      </td>
      <td data-label={t('tokens.column.owner')}>{owner}</td>
      <td data-label={t('tokens.column.ends')}>{format.full(endsAtMs)}</td>
      <td data-label={t('tokens.column.used')}>
        {usedAtMs === undefined ? t('tokens.never') : format.full(usedAtMs)}
      </td>
      <td data-label={t('tokens.column.state')}>{t(`tokens.state.${state}`)}</td>
      <td data-label={t('tokens.column.actions')} class="row-actions">
        {mayRevoke && state === 'active' && (
          <button
            type="button"
            class="button"
            data-command-button="revoke-token"
            onClick={() => onChoose({ name: 'revoke-token', input: { id } })}
          >
            {t('command.revoke-token')}
          </button>
        )}
      </td>
    </tr>
  );
}

/** A token or the link of a screen, while it can be read. */
function Made({
  token,
  path,
  name,
  endsAtMs,
}: {
  readonly token?: string;
  readonly path?: string;
  readonly name: string;
  readonly endsAtMs: number;
}) {
  const { t, format } = useText();
  return (
    <div class="slips">
      <p class="slips-intro">{t(path === undefined ? 'tokens.shown' : 'tokens.display')}</p>
      <p class="slip-code" data-made={name}>
        {path === undefined ? token : `${location.origin}${path}`}
      </p>
      <p class="slip-end">{t('tokens.until', { time: format.full(endsAtMs) })}</p>
    </div>
  );
}

/** The tokens of programs and the links of screens on the wall: made, seen and revoked. */
export function TokensPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const { body, refusal, retry } = useRefreshed(() => api.tokens());
  const chosen = useSignal<Chosen | undefined>(undefined);
  const may = (name: CommandName): boolean => mayCall(account.roles, `POST /api/commands/${name}`);
  const choose = (next: Chosen): void => {
    chosen.value = next;
  };
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('tokens.title')}</h1>
      </div>
      {may('add-token') && <AddToken onChoose={choose} />}
      {may('add-display') && <AddDisplay onChoose={choose} />}
      <section class="panel" aria-label={t('tokens.title')}>
        {body.tokens.length === 0 ? (
          <Empty title={t('tokens.none')} />
        ) : (
          <table class="table">
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col">
                    {t(`tokens.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {body.tokens.map((token) => (
                <TokenRow key={token.id} token={token} mayRevoke={may('revoke-token')} onChoose={choose} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {chosen.value !== undefined && (
        <CommandDialog
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}` as 'command.add-token')}
          input={chosen.value.input}
          result={(result) => <Made {...(result as Parameters<typeof Made>[0])} />}
          onClose={(hasActed) => {
            chosen.value = undefined;
            if (hasActed) retry();
          }}
        />
      )}
    </div>
  );
}
