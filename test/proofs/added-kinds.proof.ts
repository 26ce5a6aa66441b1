import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lane } from './mistakes/lane.ts';

let lane: Lane;
beforeEach(async () => {
  lane = await Lane.open();
});
afterEach(() => lane.close());

const endOfKinds = '} as const satisfies Record<string, OperationKindSpec>;';
const endOfManifest = '} as const satisfies Record<string, FunctionSpec>;';

const addKinds = (rows: string) =>
  lane.edit({ file: 'core/operation/kinds.ts', right: endOfKinds, wrong: `${rows}${endOfKinds}` });

/** A step that changes nothing but its own record, and says so in the audit stream. */
const aStep = (name: string) => `import { tenantStep } from '#functions/operation/step.ts';

export const handler = tenantStep('${name}', async ({ tenant }) => ({
  audit: [{ action: 'health.checked', target: { type: 'tenant', id: tenant.tenantId } }],
}));
`;

const addStep = async (workflow: string, name: string) => {
  await lane.add(`functions/${workflow}/${name}.ts`, aStep(name));
  const line = `  '${name}': step('${workflow}', '${name}'),\n`;
  await lane.edit({ file: 'functions/manifest.ts', right: endOfManifest, wrong: `${line}${endOfManifest}` });
};

const onActiveTenants = `subject: 'tenant', timeoutSeconds: 300,
    tenant: { from: ['active'], during: ['active', 'suspended'] }`;

describe('a kind of operation that is added', () => {
  test('goes through the whole suite unseen, whether its failures are discarded or raise the alarm', async () => {
    await addKinds(`
  'take-notes': { title: 'Notes', about: 'Takes notes.', workflow: 'take-notes', ${onActiveTenants},
    steps: ['write-note', 'read-note'], exclusive: true, onFailure: 'discard' },
  'look-around': { title: 'Look', about: 'Looks around.', workflow: 'look-around', ${onActiveTenants},
    steps: ['look-left', 'look-right'], exclusive: false, onFailure: 'alarm' },
`);
    for (const step of ['write-note', 'read-note']) await addStep('take-notes', step);
    for (const step of ['look-left', 'look-right']) await addStep('look-around', step);
    expect(await lane.compile()).toBe('');
    const { failures, messages } = await lane.run(['test/operations', 'test/unit/core/operation']);
    expect({ failures, messages }).toEqual({ failures: [], messages: [] });
  });

  test.for([
    ['a policy for its failures', `steps: ['write-note'], exclusive: true`],
    ['a say on what it excludes', `steps: ['write-note'], onFailure: 'discard'`],
    ['steps', `steps: [], exclusive: true, onFailure: 'discard'`],
  ])('does not compile without %s', async ([_what, fields]) => {
    await addKinds(`
  'take-notes': { title: 'Notes', about: 'Takes notes.', workflow: 'take-notes', ${onActiveTenants}, ${fields} },
`);
    expect(await lane.compile()).toContain('core/operation/kinds.ts');
  });

  test('does not compile without the functions of its steps', async () => {
    await addKinds(`
  'take-notes': { title: 'Notes', about: 'Takes notes.', workflow: 'take-notes', ${onActiveTenants},
    steps: ['write-note'], exclusive: true, onFailure: 'discard' },
`);
    expect(await lane.compile()).toContain('workflows/workflows.ts');
  });
});

test('a step that is added to onboarding is run, undone and recorded like the others', async () => {
  await lane.edit({
    file: 'core/operation/kinds.ts',
    right: "'bind-access', 'health-check', 'activate'],",
    wrong: "'bind-access', 'register-billing', 'health-check', 'activate'],",
  });
  await addStep('onboard-tenant', 'register-billing');
  expect(await lane.compile()).toBe('');
  const { failures, messages } = await lane.run(['test/operations/failures.test.ts', 'test/unit/core']);
  expect({ failures, messages }).toEqual({ failures: [], messages: [] });
});
