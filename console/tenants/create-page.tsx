import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '#console/session/session.tsx';
import { EntriesField } from '#console/shared/entries-field.tsx';
import { type Faults, faultsOfProblem } from '#console/shared/faults.ts';
import { problemOf } from '#console/shared/problem.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { ProblemError } from '#core/contract/api/client.ts';
import { IdentityFields, TierField } from './onboarding-fields.tsx';
import { type Draft, validateDraft } from './onboarding-form.ts';

/** Onboards a tenant, and opens its operations. */
export const CreatePage = () => {
  useTitle('Onboard a tenant');
  const { config } = useSession();
  const navigate = useNavigate();
  const create = useChange('createTenant');
  const [draft, setDraft] = useState<Draft>(() => blank(Object.keys(config.tiers)[0] ?? '', config.regions[0] ?? ''));
  const [faults, setFaults] = useState<Faults>({});
  // Submitting the same form twice creates one tenant; a changed form is a new request.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setFaults((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => field !== '' && !(field in part))),
    );
    setKey(crypto.randomUUID());
  };
  const send = async () => {
    const result = validateDraft(draft);
    if ('faults' in result) return setFaults(result.faults);
    try {
      const { body } = await create.mutateAsync({ body: result.request, headers: { 'Idempotency-Key': key } });
      await navigate(`/tenants/${body.tenant.tenantId}/operations`);
    } catch (error) {
      setFaults(error instanceof ProblemError ? faultsOfProblem(error.problem) : { '': problemOf(error).detail });
    }
  };
  const fields = { draft, faults, change };

  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      <Form
        header={<Header variant="h1">Onboard a tenant</Header>}
        errorText={faults['']}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => void navigate('/tenants')}>
              Cancel
            </Button>
            <Button variant="primary" formAction="submit" loading={create.isPending}>
              Onboard
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">Tenant details</Header>}>
            <IdentityFields {...fields} />
          </Container>
          <Container header={<Header variant="h2">Isolation</Header>}>
            <TierField {...fields} />
          </Container>
          <ExpandableSection variant="container" headerText="Metadata and flags" headerDescription="Optional">
            <SpaceBetween size="l">
              <EntriesField
                label="Metadata"
                valueLabel="Value"
                entries={draft.metadata}
                fault={faults['metadata']}
                onChange={(metadata) => change({ metadata })}
              />
              <EntriesField
                label="Flags"
                valueLabel="Variant"
                entries={draft.flags}
                fault={faults['flags']}
                onChange={(flags) => change({ flags })}
              />
            </SpaceBetween>
          </ExpandableSection>
          {Object.keys(faults).some((field) => field !== '') && <Alert type="error">Fix the errors above.</Alert>}
        </SpaceBetween>
      </Form>
    </form>
  );
};

const blank = (tier: string, region: string): Draft => ({
  slug: '',
  name: '',
  tier,
  region,
  adminEmail: '',
  externalId: '',
  metadata: [],
  flags: [],
});
