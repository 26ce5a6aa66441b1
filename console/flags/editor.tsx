import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMemo, useState } from 'react';
import { useSession } from '#console/session/session.tsx';
import { ProblemAlert } from '#console/shared/problem.tsx';
import type { Flag } from '#core/contract/model/flags.ts';
import { definitionOf, readDefinition, textOf } from './definition-text.ts';
import { FlipPreview } from './flip-preview.tsx';
import { usePutFlag } from './use-put-flag.ts';

const alone = [{ colspan: 12 }];
const besideEachOther = [{ colspan: { default: 12, xs: 7 } }, { colspan: { default: 12, xs: 5 } }];

/** Edits a flag, with a preview of the affected tenants. */
export const Editor = ({ flag }: { flag: Flag }) => {
  const { can } = useSession();
  const original = useMemo(() => textOf(definitionOf(flag)), [flag]);
  const [text, setText] = useState(original);
  const [reason, setReason] = useState('');
  const put = usePutFlag(flag);
  const reading = useMemo(() => readDefinition(text), [text]);
  const isChanged = text !== original;
  const mayChange = can('putFlag');

  const save = () => {
    if ('definition' in reading) put.save({ definition: reading.definition, reason });
  };

  const isPreviewed = isChanged && 'definition' in reading;

  return (
    <Grid gridDefinition={isPreviewed ? besideEachOther : alone}>
      <Container
        header={
          <Header
            variant="h2"
            description={`Version ${flag.version}, in flagd's format.`}
            actions={
              mayChange && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button variant="link" disabled={!isChanged} onClick={() => setText(original)}>
                    Discard
                  </Button>
                  <Button
                    variant="primary"
                    disabled={!isChanged || 'errors' in reading}
                    loading={put.isPending}
                    onClick={save}
                  >
                    Save
                  </Button>
                </SpaceBetween>
              )
            }
          >
            Definition
          </Header>
        }
      >
        <SpaceBetween size="m">
          <DefinitionField
            text={text}
            errors={'errors' in reading ? reading.errors : []}
            onChange={mayChange ? setText : undefined}
          />
          {mayChange && isChanged && (
            <FormField label="Reason" description="Recorded in the audit log.">
              <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
            </FormField>
          )}
          {put.error && <ProblemAlert error={put.error} />}
        </SpaceBetween>
      </Container>
      {isPreviewed && <FlipPreview flagKey={flag.key} definition={reading.definition} />}
    </Grid>
  );
};

interface DefinitionFieldProps {
  text: string;
  errors: readonly string[];
  /** Without it the text is read-only. */
  onChange: ((text: string) => void) | undefined;
}

/** The definition as JSON, validated as the user types. */
export const DefinitionField = ({ text, errors, onChange }: DefinitionFieldProps) => (
  <FormField
    label="JSON"
    stretch
    errorText={errors.length > 0 && errors.map((errorText) => <div key={errorText}>{errorText}</div>)}
  >
    <div className="code-field">
      <Textarea
        value={text}
        rows={Math.min(30, Math.max(8, text.split('\n').length + 1))}
        spellcheck={false}
        readOnly={onChange === undefined}
        onChange={({ detail }) => onChange?.(detail.value)}
      />
    </div>
  </FormField>
);
