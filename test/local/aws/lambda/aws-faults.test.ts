import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { announceCallers, callerHeader } from '#local/aws/lambda/caller.ts';
import { handler as callWithoutFunction, outcomes } from './handlers/call-aws.ts';
import { listening } from './listening.ts';
import { aFunction, aRuntime } from './runtime-builder.ts';

const { faults, invoke } = aRuntime({
  writer: aFunction('call-aws'),
  other: aFunction('call-aws'),
  late: aFunction('call-aws', { seconds: 0.03 }),
});

const header = (request: IncomingMessage, name: string) => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** The least that an AWS endpoint does: it names the call, judges it, answers `{}`. */
const received: { caller: string | undefined; operation: string }[] = [];
const endpoint = createServer((request, response) => {
  const call = {
    caller: header(request, callerHeader),
    operation: (header(request, 'x-amz-target') ?? '').split('.')[1] ?? '',
  };
  received.push(call);
  const error = faults.interceptAws({ ...call, invocationId: header(request, 'amz-sdk-invocation-id') });
  response.writeHead(error?.statusCode ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
  request
    .resume()
    .on('end', () => response.end(JSON.stringify(error ? { __type: error.name, message: error.message } : {})));
});
let url: string;
let silence: () => void;

beforeAll(async () => {
  silence = announceCallers();
  url = await listening(endpoint);
});
afterAll(() => {
  silence();
  endpoint.close();
});
beforeEach(() => {
  received.length = 0;
  faults.clear();
});

test('every call carries the name of its function, also when two run at once', async () => {
  await Promise.all([
    invoke('writer', { endpoint: url, operation: 'PutItem' }),
    invoke('other', { endpoint: url, operation: 'GetItem' }),
  ]);
  expect(received).toHaveLength(2);
  expect(received).toContainEqual({ caller: 'writer', operation: 'PutItem' });
  expect(received).toContainEqual({ caller: 'other', operation: 'GetItem' });
});

test('a call of this process by no function says so', async () => {
  await callWithoutFunction({ endpoint: url });
  expect(received).toStrictEqual([{ caller: 'none', operation: 'PutItem' }]);
});

test('a failing AWS call fails all tries of that call, counts once, and the next call is well', async () => {
  faults.add({ function: 'writer', kind: 'aws', operation: 'PutItem' });

  await expect(invoke('writer', { endpoint: url })).resolves.toBe('InternalServerError');
  expect(received.length).toBeGreaterThan(1);
  await expect(invoke('writer', { endpoint: url })).resolves.toBe('ok');
});

test('a refusal is not tried again and comes with its own name', async () => {
  faults.add({ function: 'writer', kind: 'aws', operation: 'PutItem', error: 'AccessDeniedException' });
  await expect(invoke('writer', { endpoint: url })).resolves.toBe('AccessDeniedException');
  expect(received).toHaveLength(1);
});

test('the same call of another function, and another call of the same, are well', async () => {
  faults.add({ function: 'writer', kind: 'aws', operation: 'PutItem' });
  await expect(invoke('other', { endpoint: url })).resolves.toBe('ok');
  await expect(invoke('writer', { endpoint: url, operation: 'GetItem' })).resolves.toBe('ok');
});

test('a function that ran out of time makes no more calls, as one that Lambda has killed', async () => {
  outcomes.length = 0;
  await expect(invoke('late', { endpoint: url, waitMs: 60 })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
  await expect.poll(() => outcomes).toHaveLength(1);
  expect(outcomes).not.toContain('ok');
  expect(received).toStrictEqual([]);
});
