import { useApp, useText } from '../app.ts';

/** A demonstration says so on every page, and lets things happen. */
export function DemoBanner() {
  const { overlay, router } = useApp();
  const { t } = useText();
  const isWall = router.route.value.page === 'wall';
  return (
    <aside class="demo" aria-label={t('lab.title')}>
      <p>{t('demo.banner')}</p>
      {!isWall && (
        <button type="button" class="button demo-button" onClick={() => (overlay.value = 'lab')}>
          {t('demo.lab')}
        </button>
      )}
    </aside>
  );
}
