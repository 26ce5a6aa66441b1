import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { EntriesField } from '#console/shared/entries-field.tsx';
import { type FieldErrors, fieldErrorsOfProblem } from '#console/shared/field-errors.ts';
import { FormModal } from '#console/shared/form-modal.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { ProblemError } from '#core/contract/api/client.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { draftOf, type RecordDraft, validateUpdate } from './record-form.ts';

/** Edits the fields of a tenant that can be changed in any state. */
export const EditRecord = ({ tenant }: { tenant: Tenant }) => {
  // A snapshot from the start of editing: a reload must not overwrite what the user types.
  const [edited, setEdited] = useState<Tenant>();
  return (
    <>
      <Button iconName="edit" onClick={() => setEdited(tenant)}>
        Edit
      </Button>
      {edited && <RecordModal tenant={edited} onDone={() => setEdited(undefined)} />}
    </>
  );
};

const RecordModal = ({ tenant, onDone }: { tenant: Tenant; onDone: () => void }) => {
  const save = useChange('updateTenant');
  const notify = useNotify();
  const [draft, setDraft] = useState(() => draftOf(tenant));
  const [errors, setErrors] = useState<FieldErrors>({});
  const change = (part: Partial<RecordDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setErrors({});
  };

  const send = () => {
    const result = validateUpdate(tenant, draft);
    if ('errors' in result) return setErrors(result.errors);
    if (!result.update) return onDone();
    save.mutate(
      {
        params: { tenant: tenant.tenantId },
        body: result.update,
        headers: { 'If-Match': `"${tenant.version}"` },
      },
      {
        onSuccess: ({ body }) => {
          notify(`${body.slug} was updated.`);
          onDone();
        },
        onError: (error) => error instanceof ProblemError && setErrors(fieldErrorsOfProblem(error.problem)),
      },
    );
  };

  return (
    <FormModal
      header={`Edit ${tenant.slug}`}
      size="large"
      action="Save"
      isBusy={save.isPending}
      onCancel={onDone}
      onSend={send}
    >
      <FormField label="Name" errorText={errors['name']}>
        <Input value={draft.name} autoFocus onChange={({ detail }) => change({ name: detail.value })} />
      </FormField>
      <FormField
        label="Administrator's e-mail address"
        description="Contact address only. Manage users on the Users tab."
        errorText={errors['adminEmail']}
      >
        <Input type="email" value={draft.adminEmail} onChange={({ detail }) => change({ adminEmail: detail.value })} />
      </FormField>
      <LimitsField draft={draft} errorText={errors['limits']} change={change} />
      <EntriesField
        label="Metadata"
        valueLabel="Value"
        entries={draft.metadata}
        errorText={errors['metadata']}
        onChange={(metadata) => change({ metadata })}
      />
      {save.error && Object.keys(errors).every((field) => field === '') && <ProblemAlert error={save.error} />}
    </FormModal>
  );
};

interface LimitsFieldProps {
  draft: RecordDraft;
  errorText: string | undefined;
  change: (part: Partial<RecordDraft>) => void;
}

const LimitsField = ({ draft, errorText, change }: LimitsFieldProps) => (
  <FormField label="Limits" description="Rate limit for all its users and applications together." errorText={errorText}>
    <Toggle checked={draft.hasOwnLimits} onChange={({ detail }) => change({ hasOwnLimits: detail.checked })}>
      Use custom limits instead of the tier's
    </Toggle>
    {draft.hasOwnLimits && (
      <ColumnLayout columns={2}>
        <FormField label="Requests per second">
          <Input
            type="number"
            value={draft.requestsPerSecond}
            onChange={({ detail }) => change({ requestsPerSecond: detail.value })}
          />
        </FormField>
        <FormField label="Burst" description="Maximum number of requests at once.">
          <Input type="number" value={draft.burst} onChange={({ detail }) => change({ burst: detail.value })} />
        </FormField>
      </ColumnLayout>
    )}
  </FormField>
);
