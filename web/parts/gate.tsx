import type { ComponentChildren } from 'preact';
import type { SessionBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { HeartbeatMark } from './heartbeat-mark.tsx';
import { HelpButton, HelpDialog } from './help-dialog.tsx';
import { LanguageButton, ThemeButton } from './header.tsx';

interface GateProps {
  readonly body: SessionBody;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The frame of what is seen before sign-in. */
export function Gate({ body, title, children }: GateProps) {
  const { overlay } = useApp();
  const { words, t } = useText();
  return (
    <div class="gate">
      <header class="gate-head">
        <p class="brand">
          <HeartbeatMark />
          <span class="brand-name">{t('product.name')}</span>
          <span class="brand-site">{words.local(body.siteName)}</span>
        </p>
        <div class="header-tools">
          <LanguageButton />
          <ThemeButton />
          <HelpButton />
        </div>
      </header>
      <main class="gate-main" id="main">
        <div class="gate-card">
          <h1>{title}</h1>
          {body.isDemonstration && <p class="gate-demo">{t('demo.banner')}</p>}
          {children}
        </div>
      </main>
      {overlay.value === 'help' && <HelpDialog />}
    </div>
  );
}
