import { readdirSync, readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { workflowNames } from '#core/contract/platform/names.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { type Definition, statesOf } from '#local/workflows/definition.ts';
import { asText, synthesised, target } from './synthesised.ts';
import { faultsOf } from './workflow-rules.ts';

const definitionOf = (name: string) => readFileSync(`workflows/${name}.asl.json`, 'utf8');
const tasksIn = (name: string): string[] =>
  [...new Set([...definitionOf(name).matchAll(/\$\{([^}]+)\}/g)].map(([, task]) => task!))].toSorted();
const withArns = (definition: string) =>
  definition.replaceAll(/\$\{([a-z-]+)\}/g, 'arn:aws:lambda:us-east-1:111122223333:function:$1');

test('every definition in workflows/ is a workflow of the contract', () => {
  expect(readdirSync('workflows').toSorted()).toEqual(workflowNames.map((name) => `${name}.asl.json`).toSorted());
});

test.each(workflowNames)('%s is valid Amazon States Language, with paths that parse', (name) => {
  const result = validate(JSON.parse(withArns(definitionOf(name))));
  expect(result.errorsText()).toBe('');
});

test.each(workflowNames)('%s keeps the rules', (name) => {
  expect(faultsOf(JSON.parse(definitionOf(name)) as Definition)).toEqual([]);
});

test.each(workflowNames)('%s calls exactly the functions whose manifest says so', (name) => {
  const declared = functionNames.filter((task) => {
    const { trigger } = functionSpecs[task];
    return trigger.kind === 'task' && trigger.workflows.includes(name);
  });
  expect(tasksIn(name)).toEqual(declared.toSorted());
});

test.each(workflowNames)('%s gives each task longer than the function has', (name) => {
  for (const [, { Resource, TimeoutSeconds }] of statesOf(JSON.parse(definitionOf(name)) as Definition)) {
    const task = functionNames.find((candidate) => Resource === `\${${candidate}}`);
    if (task) expect(TimeoutSeconds, task).toBeGreaterThan(functionSpecs[task].seconds);
  }
});

describe('a definition is refused that', () => {
  const task = { Type: 'Task', Resource: '${provision}', TimeoutSeconds: 5 } as const;
  const workflow = (state: object, more: object = {}): Definition => ({
    StartAt: 'a',
    TimeoutSeconds: 60,
    States: { a: { ...task, ...state } },
    ...more,
  });
  const inParallel = (state: object): Definition => ({
    StartAt: 'p',
    TimeoutSeconds: 60,
    States: { p: { Type: 'Parallel', Branches: [workflow(state)] } },
  });
  const { TimeoutSeconds: _, ...timeless } = task;

  test.each<[string, Definition, RegExp]>([
    ['is JSONata', workflow({}, { QueryLanguage: 'JSONata' }), /not written in JSONPath/],
    ['has a state in JSONata', workflow({ QueryLanguage: 'JSONata' }), /^a is not written in JSONPath/],
    ['calls another service', workflow({ Resource: 'arn:aws:states:::sqs:sendMessage' }), /^a calls arn:aws:states/],
    ['calls an unknown function', workflow({ Resource: '${nobody}' }), /^a calls the function nobody/],
    ['uses variables', workflow({ Assign: { x: 1 } }), /^a uses Assign/],
    ['retries everything', workflow({ Retry: [{ ErrorEquals: ['States.ALL'] }] }), /^a retries States.ALL/],
    [
      'retries an error that stays',
      inParallel({ Retry: [{ ErrorEquals: ['SchemaNotIsolated'] }] }),
      /^a retries Schema/,
    ],
    ['retries an error nobody throws', workflow({ Retry: [{ ErrorEquals: ['RateLimit'] }] }), /^a retries RateLimit,/],
    ['has a task without a time-out', { ...workflow({}), States: { a: timeless } }, /^a has no TimeoutSeconds/],
    ['has no time-out itself', { StartAt: 'a', States: { a: task } }, /^The workflow has no TimeoutSeconds/],
  ])('%s', (_name, definition, fault) => {
    expect(faultsOf(definition)).toEqual([expect.stringMatching(fault)]);
  });
});

describe('a state machine', () => {
  const made = synthesised();
  const machines = made
    .resources(made.controlPlane, 'AWS::StepFunctions::StateMachine')
    .map(([, resource]) => resource.Properties);
  const functions = new Map(made.resources(made.controlPlane, 'AWS::Lambda::Function'));

  test.each(workflowNames)('%s is the workflow file, with every task filled in', (name) => {
    const machine = machines.find(({ StateMachineName }) => StateMachineName === name);
    expect(machine.DefinitionString).toBe(definitionOf(name));
    const filled = Object.entries(machine.DefinitionSubstitutions as Record<string, unknown>);
    expect(filled.map(([task]) => task).toSorted()).toEqual(tasksIn(name));
    for (const [task, arn] of filled) {
      expect(asText(arn)).toMatch(/\.Arn>$/);
      expect(functions.get(target(arn))!.Properties.FunctionName).toBe(`tenantry-${task}`);
    }
  });

  test('is traced, and logs what happens without the data', () => {
    expect(machines).toHaveLength(workflowNames.length);
    for (const machine of machines) {
      expect(machine.TracingConfiguration).toEqual({ Enabled: true });
      expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    }
  });
});
