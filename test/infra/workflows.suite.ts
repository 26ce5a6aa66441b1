import { describe, expect, test } from 'vitest';
import { workflowNames } from '#core/contract/platform/names.ts';
import { workflows } from '#workflows/workflows.ts';
import { asText, synthesised, target } from './synthesised.ts';

const tasksIn = (definition: string): string[] =>
  [...new Set([...definition.matchAll(/\$\{([^}]+)\}/g)].map(([, task]) => task!))].toSorted();

describe('a state machine', () => {
  const made = synthesised();
  const machines = made
    .resources(made.controlPlane, 'AWS::StepFunctions::StateMachine')
    .map(([, resource]) => resource.Properties);
  const functions = new Map(made.resources(made.controlPlane, 'AWS::Lambda::Function'));

  test.each(workflowNames)('%s is the workflow, with every task filled in', (name) => {
    const machine = machines.find(({ StateMachineName }) => StateMachineName === name);
    expect(JSON.parse(machine.DefinitionString)).toEqual(workflows[name]);
    const filled = Object.entries(machine.DefinitionSubstitutions as Record<string, unknown>);
    expect(filled.map(([task]) => task).toSorted()).toEqual(tasksIn(machine.DefinitionString));
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
