import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useState } from 'react';
import { isTenantRole, type Role, roleSchema, roles } from '#core/contract/api/roles.ts';
import type { IssuedToken } from './issuer.ts';
import type { LocalChoice, LocalIssuer } from './local-issuer.ts';
import { SignInPage } from './sign-in-page.tsx';

const asUser = 'user';
const about: Readonly<Record<Role | typeof asUser, string>> = {
  'platform-admin': 'Full access to every tenant',
  'platform-auditor': 'Read-only access to every tenant',
  sales: 'Onboards tenants and sees their status',
  'tenant-admin': 'Own tenant: record, audit and users',
  'tenant-member': 'Own tenant: record only',
  [asUser]: 'An invited user, with the role of the invitation',
};

interface LocalSignInProps {
  issuer: LocalIssuer;
  reason: string | undefined;
  enter: (token: IssuedToken) => Promise<void>;
}

/** The sign-in page of the local run. It needs no password, since its users own the machine. */
export const LocalSignIn = ({ issuer, reason, enter }: LocalSignInProps) => {
  const [chosen, setChosen] = useState<string>('platform-admin');
  const [tenant, setTenant] = useState('');
  const [user, setUser] = useState('');
  const [errorText, setErrorText] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const role = roleSchema.safeParse(chosen).data;
  const isOfTenant = role !== undefined && isTenantRole(role);

  const signIn = async () => {
    const choice: LocalChoice = role ? { role, ...(isOfTenant && { tenant }) } : { user };
    setBusy(true);
    try {
      await enter(await issuer.choose(choice));
    } catch (error) {
      setErrorText(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <SignInPage reason={reason}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <Form actions={<Button variant="primary" formAction="submit" loading={isBusy} children="Sign in" />}>
          <Container header={<Header variant="h2">Sign in to the local run</Header>}>
            <SpaceBetween size="l">
              <Alert type="warning" header="Local run only">
                Anyone on this machine can choose any role. In AWS, users sign in with the Cognito user pool or the
                configured OpenID Connect issuer.
              </Alert>
              <FormField label="Role" stretch>
                <Tiles
                  value={chosen}
                  onChange={({ detail }) => setChosen(detail.value)}
                  items={[...roles, asUser].map((value) => ({
                    value,
                    label: value === asUser ? 'A user of a tenant' : value,
                    description: about[value as keyof typeof about],
                  }))}
                />
              </FormField>
              {isOfTenant && (
                <FormField label="Tenant" description="Slug or ID." errorText={errorText}>
                  <Input value={tenant} onChange={({ detail }) => setTenant(detail.value)} placeholder="acme" />
                </FormField>
              )}
              {role === undefined && (
                <FormField label="E-mail address" description="The address of an invited user." errorText={errorText}>
                  <Input
                    value={user}
                    type="email"
                    onChange={({ detail }) => setUser(detail.value)}
                    placeholder="ada@acme.example"
                  />
                </FormField>
              )}
              {role !== undefined && !isOfTenant && errorText && <Alert type="error">{errorText}</Alert>}
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </SignInPage>
  );
};
