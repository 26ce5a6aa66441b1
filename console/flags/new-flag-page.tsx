import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useNotify } from '#console/shared/notices.ts';
import { ProblemAlert } from '#console/shared/problem.tsx';
import { useChange } from '#console/shared/use-api.ts';
import { useTitle } from '#console/shared/use-title.ts';
import { flagKeySchema } from '#core/contract/model/flags.ts';
import { newDefinition, readDefinition, textOf } from './definition-text.ts';
import { DefinitionField } from './editor.tsx';

/** Creates a flag. */
export const NewFlagPage = () => {
  useTitle('Create flag');
  const navigate = useNavigate();
  const notify = useNotify();
  const put = useChange('putFlag');
  const [key, setKey] = useState('');
  const [text, setText] = useState(() => textOf(newDefinition));
  const [isSubmitted, setSubmitted] = useState(false);
  const reading = useMemo(() => readDefinition(text), [text]);
  const keyError = flagKeySchema.safeParse(key).error?.issues[0]?.message;

  const save = () => {
    setSubmitted(true);
    if ('errors' in reading || keyError !== undefined) return;
    put.mutate(
      { params: { key }, body: reading.definition, headers: { 'If-None-Match': '*' } },
      {
        onSuccess: ({ body }) => {
          notify('proposalId' in body ? `${key} needs another administrator's approval.` : `${key} was created.`);
          void navigate('proposalId' in body ? '/flags' : `/flags/${encodeURIComponent(key)}`);
        },
      },
    );
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Form
        header={<Header variant="h1">Create flag</Header>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={() => void navigate('/flags')}>
              Cancel
            </Button>
            <Button variant="primary" formAction="submit" loading={put.isPending}>
              Create flag
            </Button>
          </SpaceBetween>
        }
      >
        <Container>
          <SpaceBetween size="l">
            <FormField
              label="Key"
              description="The name by which applications evaluate it."
              errorText={isSubmitted && keyError}
            >
              <Input value={key} placeholder="new-checkout" onChange={({ detail }) => setKey(detail.value)} />
            </FormField>
            <DefinitionField text={text} errors={'errors' in reading ? reading.errors : []} onChange={setText} />
            {put.error && <ProblemAlert error={put.error} />}
          </SpaceBetween>
        </Container>
      </Form>
    </form>
  );
};
