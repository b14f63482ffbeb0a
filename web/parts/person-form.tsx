import { signal, useSignal, type Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { CommandName } from '../../config/model/command.ts';
import { LANGUAGES, type Language } from '../../config/model/localized.ts';
import {
  detailsOf,
  isDay,
  TRAININGS,
  type PersonDetails,
  type PersonView,
  type Qualification,
  type Training,
} from '../../config/model/person.ts';
import { useText } from '../app.ts';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';

interface ChooseProps {
  readonly person: PersonView;
  readonly onChoose: (chosen: { readonly name: CommandName; readonly input: object }) => void;
  readonly onClose: () => void;
}

/** An exam as it stands in its fields. */
interface Exam {
  readonly key: number;
  readonly training: Signal<Training>;
  readonly passedOn: Signal<string>;
  readonly endsOn: Signal<string>;
}

/** The exams of the fields; `undefined` while a day is missing or ends before it began. */
export function qualificationsIn(
  exams: readonly { readonly training: Training; readonly passedOn: string; readonly endsOn: string }[],
): readonly Qualification[] | undefined {
  const isWrong = exams.some(
    ({ passedOn, endsOn }) => !isDay(passedOn) || (endsOn !== '' && (!isDay(endsOn) || endsOn < passedOn)),
  );
  if (isWrong) return undefined;
  return exams.map(({ training, passedOn, endsOn }) =>
    endsOn === '' ? { training, passedOn } : { training, passedOn, endsOn },
  );
}

function usePersonDraft(person: PersonView) {
  const newExam = ({ training, passedOn, endsOn = '' }: Qualification, key: number): Exam => ({
    key,
    training: signal(training),
    passedOn: signal(passedOn),
    endsOn: signal(endsOn),
  });
  const text = {
    displayName: useSignal(person.displayName),
    department: useSignal(person.department),
    phone: useSignal(person.phone),
    mail: useSignal(person.mail),
    vettedOn: useSignal(person.vettedOn ?? ''),
  };
  const language = useSignal<Language>(person.language);
  const exams = useSignal<readonly Exam[]>(person.qualifications.map(newExam));
  return {
    ...text,
    language,
    exams,
    addExam(): void {
      const key = 1 + Math.max(-1, ...exams.peek().map((exam) => exam.key));
      exams.value = [...exams.peek(), newExam({ training: 'business', passedOn: '' }, key)];
    },
    removeExam(key: number): void {
      exams.value = exams.peek().filter((exam) => exam.key !== key);
    },
    details(): PersonDetails | undefined {
      const qualifications = qualificationsIn(
        exams.value.map(({ training, passedOn, endsOn }) => ({
          training: training.value,
          passedOn: passedOn.value,
          endsOn: endsOn.value,
        })),
      );
      const displayName = text.displayName.value.trim();
      if (qualifications === undefined || displayName === '') return undefined;
      return {
        displayName,
        department: text.department.value.trim(),
        phone: text.phone.value.trim(),
        mail: text.mail.value.trim(),
        language: language.value,
        qualifications,
        ...(text.vettedOn.value === '' ? {} : { vettedOn: text.vettedOn.value }),
      };
    },
  };
}

function ExamFields({ exam, onRemove }: { readonly exam: Exam; readonly onRemove: () => void }) {
  const { t } = useText();
  const id = useId();
  return (
    <fieldset class="exam" data-exam={exam.key}>
      <legend class="hidden">{t('people.exams')}</legend>
      <div class="field">
        <label for={id}>{t('people.exam.training')}</label>
        <select
          id={id}
          value={exam.training}
          onChange={({ currentTarget }) => {
            exam.training.value = TRAININGS.find((known) => known === currentTarget.value) ?? 'business';
          }}
        >
          {TRAININGS.map((training) => (
            <option key={training} value={training}>
              {t(`training.${training}`)}
            </option>
          ))}
        </select>
      </div>
      <Field label={t('people.exam.passed')} value={exam.passedOn} autocomplete="off" isDay />
      <Field label={t('people.exam.ends')} value={exam.endsOn} autocomplete="off" isDay />
      <button type="button" class="button" onClick={onRemove}>
        {t('people.exam.remove')}
      </button>
    </fieldset>
  );
}

/** Changes what is written down about a person, the vetting and the exams among it. */
export function EditPerson({ person, onChoose, onClose }: ChooseProps) {
  const { t } = useText();
  const draft = usePersonDraft(person);
  const isWrong = useSignal(false);
  const languageId = useId();
  function submit(event: Event): void {
    event.preventDefault();
    const details = draft.details();
    isWrong.value = details === undefined;
    if (details !== undefined) {
      onChoose({ name: 'edit-person', input: { id: person.id, seen: detailsOf(person), details } });
    }
  }
  return (
    <Dialog title={`${t('command.edit-person')}: ${person.name}`} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <Field label={t('people.column.person')} value={draft.displayName} autocomplete="off" />
        <Field label={t('people.column.department')} value={draft.department} autocomplete="off" />
        <Field label={t('people.phone')} value={draft.phone} autocomplete="off" />
        <Field label={t('people.mail')} value={draft.mail} autocomplete="off" />
        <div class="field">
          <label for={languageId}>{t('people.language')}</label>
          <select
            id={languageId}
            value={draft.language}
            onChange={({ currentTarget }) => {
              draft.language.value = LANGUAGES.find((known) => known === currentTarget.value) ?? 'zh-CN';
            }}
          >
            {LANGUAGES.map((language) => (
              <option key={language} value={language}>
                {t(`language.${language}`)}
              </option>
            ))}
          </select>
        </div>
        <Field label={t('people.vetted')} value={draft.vettedOn} autocomplete="off" isDay />
        <h3>{t('people.exams')}</h3>
        {draft.exams.value.map((exam) => (
          <ExamFields key={exam.key} exam={exam} onRemove={() => draft.removeExam(exam.key)} />
        ))}
        <button type="button" class="button" onClick={() => draft.addExam()}>
          {t('people.exam.add')}
        </button>
        <p class="form-fault" role="alert">
          {isWrong.value && t('error.invalid_request')}
        </p>
        <button type="submit" class="button button-main">
          {t('command.look')}
        </button>
      </form>
    </Dialog>
  );
}

/** Asks why an account is closed, before it is. */
export function DisablePerson({ person, onChoose, onClose }: ChooseProps) {
  const { t } = useText();
  const reason = useSignal('');
  const isWrong = useSignal(false);
  function submit(event: Event): void {
    event.preventDefault();
    const text = reason.value.trim();
    isWrong.value = text === '';
    if (text !== '') onChoose({ name: 'disable-person', input: { id: person.id, reason: text } });
  }
  return (
    <Dialog title={`${t('command.disable-person')}: ${person.name}`} onClose={onClose}>
      <form class="form" onSubmit={submit} noValidate>
        <Field
          label={t('people.reason')}
          value={reason}
          autocomplete="off"
          hint={t('people.reason.hint')}
          isFirst
        />
        <p class="form-fault" role="alert">
          {isWrong.value && t('error.invalid_request')}
        </p>
        <button type="submit" class="button button-main">
          {t('command.look')}
        </button>
      </form>
    </Dialog>
  );
}
