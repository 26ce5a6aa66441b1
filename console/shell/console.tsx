import I18nProvider from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { SessionGate } from '#console/session/session-gate.tsx';
import type { SessionStore } from '#console/session/session-store.ts';
import { newAnswers } from '#console/shared/answers.ts';
import type { ConsoleConfig } from '#core/contract/api/console.ts';
import { consoleRouter } from './router.tsx';

interface ConsoleProps {
  config: ConsoleConfig;
  store: SessionStore;
}

/** The console: language, sign-in, response cache and router. */
export const Console = ({ config, store }: ConsoleProps) => (
  <I18nProvider locale="en" messages={[messages]}>
    <SessionGate config={config} store={store}>
      <Pages />
    </SessionGate>
  </I18nProvider>
);

/**
 * Created anew for each sign-in, so that no cached responses of another user remain, and the router starts at the page
 * that the user requested before the redirect to the issuer.
 */
const Pages = () => {
  const [answers] = useState(newAnswers);
  const [router] = useState(consoleRouter);
  return (
    <QueryClientProvider client={answers}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
};
