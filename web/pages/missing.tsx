import { useText } from '../app.ts';
import { Empty } from '../parts/notice.tsx';

export function MissingPage() {
  const { t } = useText();
  return (
    <Empty title={t('error.page_missing')} isPage>
      <a class="button" href="/">
        {t('error.to_room')}
      </a>
    </Empty>
  );
}
