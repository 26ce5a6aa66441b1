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
import type { HeldToken } from './issuer.ts';
import type { LocalChoice, LocalIssuer } from './local-issuer.ts';
import { SignInPage } from './sign-in-page.tsx';

const asUser = 'user';
const about: Readonly<Record<Role | typeof asUser, string>> = {
  'platform-admin': 'Everything, for every tenant',
  'platform-auditor': 'Reads everything, changes nothing',
  sales: 'Onboards tenants and sees what becomes of them',
  'tenant-admin': 'Its own tenant: record, audit and users',
  'tenant-member': 'Its own tenant: the record',
  [asUser]: 'Whoever was invited, with the role it has',
};

interface LocalSignInProps {
  issuer: LocalIssuer;
  reason: string | undefined;
  enter: (token: HeldToken) => Promise<void>;
}

/** Stands in for the issuer's page in the local run: no password, since whoever is at this machine owns it. */
export const LocalSignIn = ({ issuer, reason, enter }: LocalSignInProps) => {
  const [chosen, setChosen] = useState<string>('platform-admin');
  const [tenant, setTenant] = useState('');
  const [user, setUser] = useState('');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const role = roleSchema.safeParse(chosen).data;
  const isOfTenant = role !== undefined && isTenantRole(role);

  const signIn = async () => {
    const choice: LocalChoice = role ? { role, ...(isOfTenant && { tenant }) } : { user };
    setBusy(true);
    try {
      await enter(await issuer.choose(choice));
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
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
                Anyone at this machine may choose any role. In AWS people sign in with their user pool, or with the
                OpenID Connect issuer it is deployed with.
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
                <FormField label="Tenant" description="Its slug or its id." errorText={fault}>
                  <Input value={tenant} onChange={({ detail }) => setTenant(detail.value)} placeholder="acme" />
                </FormField>
              )}
              {role === undefined && (
                <FormField label="E-mail address" description="Of a user who was invited." errorText={fault}>
                  <Input
                    value={user}
                    type="email"
                    onChange={({ detail }) => setUser(detail.value)}
                    placeholder="ada@acme.example"
                  />
                </FormField>
              )}
              {role !== undefined && !isOfTenant && fault && <Alert type="error">{fault}</Alert>}
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </SignInPage>
  );
};
