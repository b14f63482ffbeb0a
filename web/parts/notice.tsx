import type { ComponentChildren } from 'preact';
import { useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import type { MessageKey, Words } from '../i18n/words.ts';

const WORDS_OF_CODE: Partial<Record<Refusal['code'], MessageKey>> = {
  unreachable: 'error.unreachable',
  unauthenticated: 'error.unauthenticated',
  wrong_credentials: 'sign_in.failed',
  forbidden: 'error.forbidden',
  too_many_requests: 'error.too_many_requests',
  bad_origin: 'error.bad_origin',
  invalid_request: 'error.invalid_request',
  not_found: 'error.not_found',
  conflict: 'error.conflict',
  records_failed: 'error.records_failed',
  internal: 'error.internal',
  setup_required: 'error.setup_required',
  proof_required: 'error.proof_required',
  second_factor_required: 'error.second_factor_required',
};

/** What a refusal says to a person. */
export function refusalText({ code, message }: Refusal, { t }: Words): string {
  const key = WORDS_OF_CODE[code];
  return key === undefined ? t('error.other', { message }) : t(key);
}

export function Loading() {
  const { t } = useText();
  return (
    <p class="notice" role="status">
      <span class="notice-wait" aria-hidden="true" />
      {t('loading')}
    </p>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Nothing else is on the page: the title is its heading. */
  readonly isPage?: boolean;
  readonly children?: ComponentChildren;
}

/** Nothing is there, and why, and what to do about it. */
export function Empty({ title, isPage = false, children }: EmptyProps) {
  return (
    <div class="notice">
      {isPage ? <h1 class="notice-title">{title}</h1> : <p class="notice-title">{title}</p>}
      {children}
    </div>
  );
}

export function Refused({ refusal, onRetry }: { readonly refusal: Refusal; readonly onRetry?: () => void }) {
  const { t, words } = useText();
  return (
    <div class="notice" role="alert">
      <p class="notice-title">{t('error.title')}</p>
      <p>{refusalText(refusal, words)}</p>
      {onRetry !== undefined && (
        <button type="button" class="button" onClick={onRetry}>
          {t('action.retry')}
        </button>
      )}
    </div>
  );
}
