import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { signedInPath } from '#core/contract/api/console.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import { SignInPage } from './sign-in-page.tsx';

const here = () => (location.pathname === signedInPath ? '/' : location.pathname + location.search);

/** Redirects to the issuer's sign-in page. */
export const OidcSignIn = ({ issuer, reason }: { issuer: OidcIssuer; reason: string | undefined }) => {
  const [errorText, setErrorText] = useState<string>();
  const leave = () =>
    issuer.leaveToSignIn(here()).catch((error: unknown) => {
      setErrorText(error instanceof Error ? error.message : String(error));
    });
  return (
    <SignInPage reason={reason}>
      <Container header={<Header variant="h2">Sign in</Header>}>
        <SpaceBetween size="l">
          <p>You sign in on your company's own page, and then return to this page.</p>
          {errorText && <Alert type="error">{errorText}</Alert>}
          <Button variant="primary" onClick={() => void leave()}>
            Sign in
          </Button>
        </SpaceBetween>
      </Container>
    </SignInPage>
  );
};
