import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useSession } from '#console/session/session.tsx';
import type { FieldErrors } from '#console/shared/field-errors.ts';
import { type Draft, slugOf } from './onboarding-form.ts';

interface FieldsProps {
  draft: Draft;
  errors: FieldErrors;
  change: (part: Partial<Draft>) => void;
}

/** Name, slug, administrator and external ID; the slug follows the name until the user edits it. */
export const IdentityFields = ({ draft, errors, change }: FieldsProps) => (
  <SpaceBetween size="l">
    <FormField label="Name" errorText={errors['name']}>
      <Input
        value={draft.name}
        placeholder="Acme Ltd"
        onChange={({ detail: { value } }) =>
          change({ name: value, ...(draft.slug === slugOf(draft.name) && { slug: slugOf(value) }) })
        }
      />
    </FormField>
    <FormField
      label="Slug"
      description="Used in URLs: a–z, 0–9 and “-”, at most 40 characters."
      errorText={errors['slug']}
    >
      <Input value={draft.slug} placeholder="acme" onChange={({ detail }) => change({ slug: detail.value })} />
    </FormField>
    <FormField
      label="Administrator's e-mail address"
      description="We'll invite this person as the first administrator."
      errorText={errors['adminEmail']}
    >
      <Input
        value={draft.adminEmail}
        type="email"
        placeholder="ada@acme.example"
        onChange={({ detail }) => change({ adminEmail: detail.value })}
      />
    </FormField>
    <FormField
      label={
        <>
          External ID <i>– optional</i>
        </>
      }
      description="The ID your CRM or billing system uses."
      errorText={errors['externalId']}
    >
      <Input value={draft.externalId} onChange={({ detail }) => change({ externalId: detail.value })} />
    </FormField>
  </SpaceBetween>
);

/** Tier and region. */
export const TierField = ({ draft, errors, change }: FieldsProps) => {
  const { config } = useSession();
  const regions = config.regions.map((value) => ({ value }));
  return (
    <SpaceBetween size="l">
      <FormField label="Tier" errorText={errors['tier']} stretch>
        <Tiles
          value={draft.tier}
          onChange={({ detail }) => change({ tier: detail.value })}
          items={Object.entries(config.tiers).map(([value, { isolation, description }]) => ({
            value,
            label: value,
            description: `${description} (${isolation})`,
          }))}
        />
      </FormField>
      {regions.length > 1 && (
        <FormField label="Region" errorText={errors['region']}>
          <Select
            selectedOption={{ value: draft.region }}
            options={regions}
            onChange={({ detail }) => change({ region: detail.selectedOption.value ?? '' })}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
};
