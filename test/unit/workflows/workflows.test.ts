import { readdir, readFile } from 'node:fs/promises';
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { workflowNames } from '#core/contract/platform/names.ts';
import { stepsOf } from '#core/operation/kinds.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { forwardWorkflow } from '#workflows/asl.ts';
import type { Branch, Definition, Task } from '#workflows/definition.ts';
import { workflows } from '#workflows/workflows.ts';

const folder = new URL('../../../workflows/', import.meta.url);

const tasksOf = ({ States }: Branch): Task[] =>
  Object.values(States).flatMap((state) => {
    if (state.Type === 'Task') return [state];
    return state.Type === 'Parallel' ? state.Branches.flatMap(tasksOf) : [];
  });
const functionOf = ({ Resource }: Task) => functionNames.find((name) => Resource === `\${${name}}`)!;
const faultsOf = (definition: Definition) => {
  const withArns = JSON.stringify(definition).replaceAll(
    /\$\{([a-z-]+)\}/g,
    'arn:aws:lambda:us-east-1:111122223333:function:$1',
  );
  return validate(JSON.parse(withArns)).errorsText();
};
const transient = errorCodes.filter((code) => errorCatalogue[code].transient).map(workflowErrorName);

test('each workflow has its JSON beside it to read, and no other is there', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  expect(files.toSorted()).toEqual(workflowNames.map((name) => `${name}.asl.json`).toSorted());
});

describe.for(workflowNames)('%s', (name) => {
  const definition = workflows[name];
  const tasks = tasksOf(definition);

  test('is what its JSON says: npm run workflows writes it', async () => {
    const written: unknown = JSON.parse(await readFile(new URL(`${name}.asl.json`, folder), 'utf8'));
    expect(JSON.stringify(definition)).toBe(JSON.stringify(written));
  });

  test('is valid Amazon States Language, with paths that parse', () => {
    expect(faultsOf(definition)).toBe('');
  });

  test('calls exactly the functions whose manifest says so', () => {
    const declared = functionNames.filter((task) => {
      const { trigger } = functionSpecs[task];
      return trigger.kind === 'task' && trigger.workflows.includes(name);
    });
    expect(new Set(tasks.map(functionOf))).toEqual(new Set(declared));
  });

  test('lets each function fail by its own name before the task runs out of time', () => {
    for (const task of tasks) expect(task.TimeoutSeconds).toBeGreaterThan(functionSpecs[functionOf(task)].seconds);
  });

  test('tries again what may pass, and nothing else', () => {
    for (const { Retry } of tasks) {
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(retried.filter((error) => !error.startsWith('Lambda.')).toSorted()).toEqual(transient.toSorted());
      expect(retried).not.toContain('Lambda.Unknown');
    }
  });
});

test('onboarding goes through the steps in the order in which the operation lists them', () => {
  const { StartAt, States } = workflows['onboard-tenant'];
  const steps = States[StartAt];
  const branch = steps?.Type === 'Parallel' ? steps.Branches[0] : undefined;
  const walked: string[] = [];
  for (let at = branch?.StartAt; at !== undefined; ) {
    walked.push(at);
    const state = branch?.States[at];
    at = state && 'Next' in state ? state.Next : undefined;
  }
  expect(walked).toEqual(stepsOf('onboard'));
});

test('a workflow that only goes forward runs its steps in order, and one in chunks until it is done', () => {
  const facts = { comment: 'x', seconds: 60, ofTenant: false };
  const definition = forwardWorkflow(['provision', 'activate'], { ...facts, inChunks: true });
  expect(faultsOf(definition)).toBe('');
  expect(definition).toMatchObject({
    StartAt: 'provision',
    States: {
      provision: { Next: 'is-provision-done', ResultPath: '$.chunk' },
      'is-provision-done': { Choices: [{ Variable: '$.chunk.done', Next: 'activate' }], Default: 'provision' },
      activate: { Next: 'is-activate-done' },
      succeeded: { Type: 'Succeed' },
    },
  });
  expect(forwardWorkflow(['provision', 'activate'], { ...facts, inChunks: false })).toMatchObject({
    States: { provision: { Next: 'activate' }, activate: { Next: 'succeeded' } },
  });
});
