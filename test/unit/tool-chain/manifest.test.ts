import type { Context } from 'aws-lambda';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type OperationId, routes, routeTable } from '#core/contract/api/routes.ts';
import { type FunctionName, functionNames, functionSpecs } from '#functions/manifest.ts';
import { offerResponseStreaming } from '#local/aws/lambda/response-stream.ts';
import { anHttpEvent } from '#test/builders.ts';

// Read when the logger is made: what is refused here on purpose is of no interest.
vi.hoisted(() => vi.resetModules().stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT'));
afterAll(() => void vi.unstubAllEnvs());

offerResponseStreaming();

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
