import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import { ROLES, type Role } from '../../config/model/account.ts';
import type { PeopleBody, Slip } from '../../config/model/api.ts';
import type { CommandName } from '../../config/model/command.ts';
import type { PersonView } from '../../config/model/person.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { AddPerson, ImportPeople } from '../parts/people-forms.tsx';
import { DisablePerson, EditPerson } from '../parts/person-form.tsx';
import { Empty, Loading } from '../parts/notice.tsx';
import { SealedCode, Slips } from '../parts/slips.tsx';

const PAGE_SIZE = 50;

/** A command that somebody has chosen, with what it is about. */
export interface Chosen {
  readonly name: CommandName;
  readonly input: object;
}

/** Shows what a command about people brought: slips, sealed codes. */
export function peopleResult(result: unknown) {
  const { slip, slips, code, name } = result as {
    readonly slip?: Slip;
    readonly slips?: readonly Slip[];
    readonly code?: string;
    readonly name?: string;
  };
  if (slip !== undefined) return <Slips slips={[slip]} />;
  if (slips !== undefined && slips.length > 0) return <Slips slips={slips} />;
  return code === undefined ? null : <SealedCode name={name ?? ''} code={code} />;
}

function usePeople() {
  const { api } = useApp();
  const search = useSignal('');
  const found = useSignal<PeopleBody | undefined>(undefined);
  const load = async (isMore = false): Promise<void> => {
    const before = isMore ? (found.peek()?.people ?? []) : [];
    const answer = await api.people({ search: search.peek(), offset: before.length, limit: PAGE_SIZE });
    if (answer.ok) found.value = { ...answer.body, people: [...before, ...answer.body.people] };
  };
  useEffect(() => void load(), []);
  return { search, found, load };
}

interface RowProps {
  readonly person: PersonView;
  readonly may: (name: CommandName) => boolean;
  readonly onChoose: (chosen: Chosen) => void;
  /** What is asked for before a command can be looked at. */
  readonly onAsk: (name: Asking['name'], person: PersonView) => void;
}

/** A form that is open about a person. */
interface Asking {
  readonly name: 'edit-person' | 'disable-person';
  readonly person: PersonView;
}

function Posts({ person, may, onChoose }: RowProps) {
  const { t } = useText();
  const roles = useSignal<readonly Role[]>(person.roles);
  if (!may('set-roles') || person.isDisplay) {
    return <>{person.roles.map((role) => t(`account.role.${role}`)).join(t('list.separator'))}</>;
  }
  return (
    <details class="posts">
      <summary>{person.roles.map((role) => t(`account.role.${role}`)).join(t('list.separator'))}</summary>
      <fieldset>
        <legend class="hidden">{`${t('people.posts')}: ${person.name}`}</legend>
        {ROLES.map((role) => (
          <label key={role}>
            <input
              type="checkbox"
              checked={roles.value.includes(role)}
              onChange={() => {
                roles.value = ROLES.filter((each) => (each === role) !== roles.peek().includes(each));
              }}
            />
            {t(`account.role.${role}`)}
          </label>
        ))}
        <button
          type="button"
          class="button"
          onClick={() => onChoose({ name: 'set-roles', input: { id: person.id, roles: roles.value } })}
        >
          {t('command.set-roles')}
        </button>
      </fieldset>
    </details>
  );
}

/** The vetting, and the exams that were passed. */
function Training({ person: { vettedOn, qualifications } }: Pick<RowProps, 'person'>) {
  const { t } = useText();
  const exams = qualifications.map(({ training, endsOn }) =>
    endsOn === undefined
      ? t(`training.${training}`)
      : t('people.exam.until', { training: t(`training.${training}`), day: endsOn }),
  );
  const vetting = vettedOn === undefined ? t('people.vetted.no') : `${t('people.vetted')} ${vettedOn}`;
  return (
    <span class="cell-note">
      {[vetting, exams.length === 0 ? t('people.exam.none') : exams.join(t('list.separator'))].join(' · ')}
    </span>
  );
}

function PersonRow(props: RowProps) {
  const { t } = useText();
  const { person, may, onChoose, onAsk } = props;
  const { id, isDisabled, isDisplay } = person;
  const actions: readonly (readonly [CommandName, boolean])[] = [
    ['edit-person', !isDisplay],
    ['make-slip', !isDisabled && !isDisplay],
    ['make-emergency-code', !isDisabled && !isDisplay],
    ['reset-second-factor', person.hasSecondFactor],
    ['disable-person', !isDisabled],
    ['enable-person', isDisabled],
  ];
  const state = isDisabled ? 'disabled' : isDisplay ? 'display' : 'active';
  return (
    <tr data-person={person.name}>
      <td data-label={t('people.column.name')}>{person.name}</td>
      <td data-label={t('people.column.person')}>
        {person.displayName}
        <span class="cell-note">{[person.phone, person.mail].filter(Boolean).join(' · ')}</span>
        {!isDisplay && <Training person={person} />}
      </td>
      <td data-label={t('people.column.department')}>{person.department}</td>
      <td data-label={t('people.column.posts')}>
        <Posts {...props} />
      </td>
      <td data-label={t('people.column.state')}>{t(`people.state.${state}`)}</td>
      <td data-label={t('people.column.actions')} class="row-actions">
        {actions
          .filter(([name, isOpen]) => isOpen && may(name))
          .map(([name]) => (
            <button
              key={name}
              type="button"
              class="button"
              data-command-button={name}
              onClick={() => {
                if (name === 'edit-person' || name === 'disable-person') onAsk(name, person);
                else onChoose({ name, input: { id } });
              }}
            >
              {t(`command.${name}` as 'command.make-slip')}
            </button>
          ))}
      </td>
    </tr>
  );
}

interface ListProps extends Omit<RowProps, 'person'> {
  readonly found: PeopleBody | undefined;
  readonly onMore: () => void;
}

function PeopleList({ found, onMore, ...row }: ListProps) {
  const { t } = useText();
  if (found === undefined) return <Loading />;
  if (found.total === 0) return <Empty title={t('people.none')} />;
  return (
    <>
      <p class="panel-count">{t('people.total', { n: found.total })}</p>
      <table class="table people-table">
        <thead>
          <tr>
            {(['name', 'person', 'department', 'posts', 'state', 'actions'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`people.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.people.map((person) => (
            <PersonRow key={`${person.id} ${person.version}`} person={person} {...row} />
          ))}
        </tbody>
      </table>
      {found.people.length < found.total && (
        <button type="button" class="button" onClick={onMore}>
          {t('people.more')}
        </button>
      )}
    </>
  );
}

function Asked({
  asking,
  onChoose,
}: Pick<RowProps, 'onChoose'> & { readonly asking: Signal<Asking | undefined> }) {
  if (asking.value === undefined) return null;
  const { name, person } = asking.value;
  const Form = name === 'edit-person' ? EditPerson : DisablePerson;
  return (
    <Form
      key={person.id}
      person={person}
      onChoose={onChoose}
      onClose={() => {
        asking.value = undefined;
      }}
    />
  );
}

/** Everybody with an account: who they are, what they may do, and what can be done for them. */
export function PeoplePage({ account }: { readonly account: Account }) {
  const { t } = useText();
  const { search, found, load } = usePeople();
  const chosen = useSignal<Chosen | undefined>(undefined);
  const may = (name: CommandName): boolean => mayCall(account.roles, `POST /api/commands/${name}`);
  const asking = useSignal<Asking | undefined>(undefined);
  const choose = (next: Chosen): void => {
    asking.value = undefined;
    chosen.value = next;
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('people.title')}</h1>
        <input
          type="search"
          class="people-search"
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          value={search}
          onInput={(event) => {
            search.value = event.currentTarget.value;
            void load();
          }}
        />
      </div>
      {may('add-person') && <AddPerson onChoose={choose} />}
      {may('import-people') && <ImportPeople onChoose={choose} />}
      <section class="panel" aria-label={t('people.title')}>
        <PeopleList
          found={found.value}
          may={may}
          onChoose={choose}
          onAsk={(name, person) => {
            asking.value = { name, person };
          }}
          onMore={() => void load(true)}
        />
      </section>
      {asking.value !== undefined && <Asked asking={asking} onChoose={choose} />}
      {chosen.value !== undefined && (
        <CommandDialog
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}` as 'command.make-slip')}
          input={chosen.value.input}
          result={peopleResult}
          onClose={(hasActed) => {
            chosen.value = undefined;
            if (hasActed) void load();
          }}
        />
      )}
    </div>
  );
}
