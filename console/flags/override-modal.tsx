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
  /** Asked for where it is not known from the page. */
  tenant?: { tenantId: string; slug: string };
  onDone: () => void;
}

/** Fixes a variant for one tenant, and asks why. */
export const OverrideModal = ({ flag, tenant, onDone }: OverrideModalProps) => {
  const put = useChange('putOverride');
  const notify = useNotify();
  const variants = Object.keys(flag.variants);
  const [reference, setReference] = useState('');
  const [variant, setVariant] = useState(variants[0] ?? '');
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const request = overrideRequestSchema.safeParse({ variant, reason });
  const isNamed = tenant !== undefined || reference !== '';

  const save = () => {
    setAsked(true);
    if (!request.success || !isNamed) return;
    put.mutate(
      { params: { key: flag.key, tenant: tenant?.tenantId ?? reference }, body: request.data },
      {
        onSuccess: () => {
          notify(`${tenant?.slug ?? reference} is given ${variant} of ${flag.key}.`);
          onDone();
        },
      },
    );
  };

  return (
    <FormModal
      header={tenant ? `Fix ${flag.key} for ${tenant.slug}` : `Fix ${flag.key} for a tenant`}
      action="Fix it"
      isBusy={put.isPending}
      onCancel={onDone}
      onSend={save}
    >
      {!tenant && (
        <FormField label="Tenant" description="Its slug or its id." errorText={isAsked && !isNamed && 'Name a tenant.'}>
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
        description="Is kept in the audit log."
        errorText={isAsked && !request.success && 'Say why.'}
      >
        <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      {put.error && <ProblemAlert error={put.error} />}
    </FormModal>
  );
};
