import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { FormModal } from '#console/shared/form-modal.tsx';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { type Flag, overrideRequestSchema } from '#core/contract/model/flags.ts';

interface OverrideModalProps {
  flag: Pick<Flag, 'key' | 'variants'>;
  /** If absent, the user enters it. */
  tenant?: { tenantId: string; slug: string };
  onDone: () => void;
}

/** Sets an override for one tenant; requires a reason. */
export const OverrideModal = ({ flag, tenant, onDone }: OverrideModalProps) => {
  const put = useChange('putOverride');
  const notify = useNotify();
  const variants = Object.keys(flag.variants);
  const [reference, setReference] = useState('');
  const [variant, setVariant] = useState(variants[0] ?? '');
  const [reason, setReason] = useState('');
  const [isSubmitted, setSubmitted] = useState(false);
  const request = overrideRequestSchema.safeParse({ variant, reason });
  const isNamed = tenant !== undefined || reference !== '';

  const save = () => {
    setSubmitted(true);
    if (!request.success || !isNamed) return;
    put.mutate(
      { params: { key: flag.key, tenant: tenant?.tenantId ?? reference }, body: request.data },
      {
        onSuccess: () => {
          notify(`${flag.key} is now “${variant}” for ${tenant?.slug ?? reference}.`);
          onDone();
        },
      },
    );
  };

  return (
    <FormModal
      header={tenant ? `Override ${flag.key} for ${tenant.slug}` : `Override ${flag.key} for a tenant`}
      action="Save override"
      isBusy={put.isPending}
      onCancel={onDone}
      onSend={save}
    >
      {!tenant && (
        <FormField label="Tenant" description="Slug or ID." errorText={isSubmitted && !isNamed && 'Enter a tenant.'}>
          <Input value={reference} autoFocus onChange={({ detail }) => setReference(detail.value)} />
        </FormField>
      )}
      <FormField label="Variant">
        <Select
          selectedOption={{ value: variant }}
          options={variants.map((value) => ({ value }))}
          onChange={({ detail }) => setVariant(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <FormField
        label="Reason"
        description="Recorded in the audit log."
        errorText={isSubmitted && !request.success && 'Enter a reason.'}
      >
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      {put.error && <ProblemAlert error={put.error} />}
    </FormModal>
  );
};
