import { useSignal } from '@preact/signals';
import { mayCall } from '../../config/model/access.ts';
import type { AgentsBody, AgentTokenBody, AgentView, ZoneView } from '../../config/model/agent-api.ts';
import type { CommandName } from '../../config/model/command.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import type { Chosen } from './people.tsx';

/** An agent without news tells every ten seconds that it is there. */
const SILENT_AFTER_MS = 60_000;
const COLUMNS = ['name', 'zone', 'version', 'state', 'seen', 'queue', 'spool', 'actions'] as const;

function useAgents() {
  const { api } = useApp();
  return useRefreshed(() => api.agents());
}

function stateOf({ revokedAtMs, lastSeenAtMs }: AgentView, nowMs: number): 'out' | 'silent' | 'pushing' {
  if (revokedAtMs !== undefined) return 'out';
  return lastSeenAtMs === undefined || nowMs - lastSeenAtMs > SILENT_AFTER_MS ? 'silent' : 'pushing';
}

interface ChoiceProps {
  readonly may: (name: CommandName) => boolean;
  readonly onChoose: (chosen: Chosen) => void;
}

function AgentRow({ agent, may, onChoose }: ChoiceProps & { readonly agent: AgentView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { name, zone, version, lastSeenAtMs, queued, spoolBytes, spoolDropped = 0 } = agent;
  const state = stateOf(agent, nowMs.value);
  const command = state === 'out' ? 'let-in-agent' : 'shut-out-agent';
  const spool = spoolBytes === undefined ? undefined : format.quantity(spoolBytes, 'bytes');
  return (
    <tr data-agent={name} data-state={state}>
      <td data-label={t('agents.name')}>{name}</td>
      <td data-label={t('agents.zone')}>{zone}</td>
      <td data-label={t('agents.version')}>{version ?? '–'}</td>
      <td data-label={t('agents.state')}>{t(`agents.state.${state}`)}</td>
      <td data-label={t('agents.seen')}>
        {lastSeenAtMs === undefined ? (
          t('agents.never')
        ) : (
          <time dateTime={new Date(lastSeenAtMs).toISOString()} title={format.full(lastSeenAtMs)}>
            {format.instant(lastSeenAtMs, nowMs.value)}
          </time>
        )}
      </td>
      <td data-label={t('agents.queue')}>{queued ?? '–'}</td>
      <td data-label={t('agents.spool')}>
        {spool === undefined ? '–' : `${spool.number} ${spool.unit}`}
        {spoolDropped > 0 && <span class="cell-note">{t('agents.lost', { n: spoolDropped })}</span>}
      </td>
      <td data-label={t('agents.actions')} class="row-actions">
        {may(command) && (
          <button
            type="button"
            class="button"
            data-command-button={command}
            onClick={() => onChoose({ name: command, input: { name } })}
          >
            {t(`command.${command}`)}
          </button>
        )}
      </td>
    </tr>
  );
}

function MakeToken({ onChoose }: Pick<ChoiceProps, 'onChoose'>) {
  const { t } = useText();
  const zone = useSignal('');
  function submit(event: Event): void {
    event.preventDefault();
    const name = zone.value.trim();
    if (name !== '') onChoose({ name: 'make-agent-token', input: { zone: name } });
  }
  return (
    <details class="panel people-form">
      <summary>{t('command.make-agent-token')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        <Field label={t('agents.zone')} value={zone} autocomplete="off" hint={t('agents.zone_hint')} />
        <button type="submit" class="button button-main">
          {t('command.look')}
        </button>
      </form>
    </details>
  );
}

/** Devices that nobody reads. */
function UnreadZones({ zones }: { readonly zones: readonly ZoneView[] }) {
  const { t } = useText();
  return zones
    .filter(({ isReported }) => !isReported)
    .map(({ zone, devices }) => (
      <p key={zone} class="form-fault" role="alert" data-unread-zone={zone}>
        {t('agents.unread', { zone, n: devices })}
      </p>
    ));
}

function AgentList({ agents, may, onChoose }: ChoiceProps & Pick<AgentsBody, 'agents'>) {
  const { t } = useText();
  if (agents.length === 0) return <Empty title={t('agents.none')} />;
  return (
    <table class="table">
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`agents.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <AgentRow key={agent.name} agent={agent} may={may} onChoose={onChoose} />
        ))}
      </tbody>
    </table>
  );
}

function Token({ zone, token }: AgentTokenBody) {
  const { t } = useText();
  return (
    <div class="slips">
      <p class="slips-intro">{t('agents.token', { zone })}</p>
      <p class="slip-code code" data-agent-token={zone}>
        {token}
      </p>
    </div>
  );
}

/** The agents of other zones: how they are, who may push, and the token by which one joins. */
export function AgentsPage({ account }: { readonly account: Account }) {
  const { t } = useText();
  const { body, refusal, retry } = useAgents();
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
        <h1>{t('agents.title')}</h1>
      </div>
      <UnreadZones zones={body.zones} />
      {may('make-agent-token') && <MakeToken onChoose={choose} />}
      <section class="panel" aria-label={t('agents.title')}>
        <AgentList agents={body.agents} may={may} onChoose={choose} />
      </section>
      {chosen.value !== undefined && (
        <CommandDialog
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}` as 'command.make-agent-token')}
          input={chosen.value.input}
          result={(result) => <Token {...(result as AgentTokenBody)} />}
          onClose={(hasActed) => {
            chosen.value = undefined;
            if (hasActed) retry();
          }}
        />
      )}
    </div>
  );
}
