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

/** The whole of it: language, sign-in, what the API answered, and the page of the address. */
export const Console = ({ config, store }: ConsoleProps) => (
  <I18nProvider locale="en" messages={[messages]}>
    <SessionGate config={config} store={store}>
      <Pages />
    </SessionGate>
  </I18nProvider>
);

/**
 * Made anew for whoever signs in: nothing that was answered to somebody else is left, and the router, which reads the
 * address when it is made, goes where they wanted before they were sent to their issuer.
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
