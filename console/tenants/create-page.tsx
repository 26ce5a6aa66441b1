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
import { type FieldErrors, fieldErrorsOfProblem } from '#console/shared/field-errors.ts';
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
  const [errors, setErrors] = useState<FieldErrors>({});
  // Submitting the same form twice creates one tenant; a changed form is a new request.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setErrors((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => field !== '' && !(field in part))),
    );
    setKey(crypto.randomUUID());
  };
  const send = async () => {
    const result = validateDraft(draft);
    if ('errors' in result) return setErrors(result.errors);
    try {
      const { body } = await create.mutateAsync({ body: result.request, headers: { 'Idempotency-Key': key } });
      await navigate(`/tenants/${body.tenant.tenantId}/operations`);
    } catch (error) {
      setErrors(error instanceof ProblemError ? fieldErrorsOfProblem(error.problem) : { '': problemOf(error).detail });
    }
  };
  const fields = { draft, errors, change };

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
        errorText={errors['']}
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
                errorText={errors['metadata']}
                onChange={(metadata) => change({ metadata })}
              />
              <EntriesField
                label="Flags"
                valueLabel="Variant"
                entries={draft.flags}
                errorText={errors['flags']}
                onChange={(flags) => change({ flags })}
              />
            </SpaceBetween>
          </ExpandableSection>
          {Object.keys(errors).some((field) => field !== '') && <Alert type="error">Fix the errors above.</Alert>}
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
