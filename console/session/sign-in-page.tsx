import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useTitle } from '#console/shared/use-title.ts';

/** The sign-in page, with the reason if a session has ended. */
export const SignInPage = ({ reason, children }: { reason: string | undefined; children: ReactNode }) => {
  useTitle('Sign in');
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        <h1 className="brand">
          <img src="/icon.svg" alt="" width="32" height="32" /> Tenantry
        </h1>
        {reason && (
          <Alert type="info" header="You are signed out">
            {reason}
          </Alert>
        )}
        {children}
      </SpaceBetween>
    </main>
  );
};
