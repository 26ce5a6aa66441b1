import { readFileSync } from 'node:fs';
import type { Context } from 'aws-lambda';
import { afterAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { type OperationId, routes, routeTable } from '#core/contract/api/routes.ts';
import { onboardingSteps } from '#core/contract/model/operation.ts';
import { type WorkflowName, workflowNames } from '#core/contract/platform/names.ts';
import { type FunctionName, functionNames, functionSpecs } from '#functions/manifest.ts';
import { offerResponseStreaming } from '#local/aws/lambda/response-stream.ts';
import { anHttpEvent } from '#test/builders.ts';

// Read when the logger is made: what is refused here on purpose is of no interest.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT'));
afterAll(() => void vi.unstubAllEnvs());

offerResponseStreaming();

const taskSchema = z.object({
  Type: z.literal('Task'),
  Resource: z.string(),
  TimeoutSeconds: z.int(),
  Retry: z.array(z.object({ ErrorEquals: z.array(z.string()) })),
});
type Task = z.infer<typeof taskSchema>;
interface States {
  StartAt: string;
  States: Record<string, { Type: string; Next?: string; Branches?: States[] }>;
}

const workflowOf = (name: WorkflowName) =>
  JSON.parse(readFileSync(new URL(`../../../workflows/${name}.asl.json`, import.meta.url), 'utf8')) as States;
const tasksOf = ({ States: states }: States): [string, Task][] =>
  Object.entries(states).flatMap(([name, state]): [string, Task][] =>
    state.Type === 'Task' ? [[name, taskSchema.parse(state)]] : (state.Branches ?? []).flatMap(tasksOf),
  );
const tasks = workflowNames.flatMap((workflow) =>
  tasksOf(workflowOf(workflow)).map(([state, task]) => ({ workflow, state, task })),
);

const specs = functionNames.map((name) => ({ name, ...functionSpecs[name] }));
const servedBy = (name: FunctionName) => {
  const { trigger } = functionSpecs[name];
  return trigger.kind === 'http' ? trigger.operations : [];
};

type Handler = (event: unknown, context: Context) => Promise<{ statusCode?: number }>;
const handlerOf = async (name: FunctionName) => {
  const entry = (await import(/* @vite-ignore */ `../../../${functionSpecs[name].entry}`)) as { handler: Handler };
  return entry.handler;
};

test.for(functionNames)('%s can be loaded and has a handler', async (name) => {
  expect(await handlerOf(name)).toBeTypeOf('function');
});

/** Without a token an operation that is there refuses, or answers where it is public; one that is not is not found. */
const statusOf = async (name: FunctionName, operationId: OperationId) => {
  const { method, path } = routes[operationId];
  const handler = await handlerOf(name);
  return (await handler(anHttpEvent({ routeKey: `${method} ${path}`, claims: {} }), {} as Context)).statusCode;
};

describe('the HTTP API', () => {
  test.for(routeTable)('$operationId is served by exactly one function', ({ operationId }) => {
    expect(functionNames.filter((name) => servedBy(name).includes(operationId))).toHaveLength(1);
  });

  test.for(functionNames.filter((name) => servedBy(name).length > 0))(
    '%s serves what the manifest says',
    async (name) => {
      for (const { operationId, access } of routeTable) {
        const whereServed = access === 'public' ? 200 : 401;
        const status = servedBy(name).includes(operationId) ? whereServed : 404;
        expect(await statusOf(name, operationId), operationId).toBe(status);
      }
    },
  );
});

describe('the workflows', () => {
  test.for(tasks)('$workflow: $state is a function that this workflow may call', ({ workflow, task }) => {
    const spec = specs.find(({ name }) => task.Resource === `\${${name}}`);
    expect(spec?.trigger).toMatchObject({ kind: 'task', workflows: expect.arrayContaining([workflow]) });
  });

  test.for(specs)('$name is called by every workflow that the manifest names for it', ({ name, trigger }) => {
    const callers = tasks.filter(({ task }) => task.Resource === `\${${name}}`).map(({ workflow }) => workflow);
    expect(callers.toSorted()).toEqual(trigger.kind === 'task' ? trigger.workflows.toSorted() : []);
  });

  test.for(tasks)('$workflow: $state outlasts its function, which so fails by its own name', ({ task }) => {
    const spec = specs.find(({ name }) => task.Resource === `\${${name}}`);
    expect(task.TimeoutSeconds).toBeGreaterThan(spec?.seconds ?? Number.POSITIVE_INFINITY);
  });

  test.for(tasks)('$workflow: $state is tried again for what may pass, and for nothing else', ({ task }) => {
    const transient = errorCodes.filter((code) => errorCatalogue[code].transient).map(workflowErrorName);
    const retried = task.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried.filter((name) => !name.startsWith('Lambda.')).toSorted()).toEqual(transient.toSorted());
    expect(retried).not.toContain('Lambda.Unknown');
  });

  test('onboarding goes through the steps in the order in which the operation lists them', () => {
    const { StartAt, States: states } = workflowOf('onboard-tenant');
    const branch = states[StartAt]?.Branches?.[0];
    const walked: string[] = [];
    for (let at = branch?.StartAt; at !== undefined; at = branch?.States[at]?.Next) walked.push(at);
    expect(walked).toEqual(onboardingSteps);
  });
});
