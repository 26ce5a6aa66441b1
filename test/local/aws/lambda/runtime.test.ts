import { expect, test } from 'vitest';
import { seen } from './handlers/misbehave.ts';
import { aFunction, aRuntime } from './runtime-builder.ts';

test('a function gets a copy of its event, a context as in Lambda, and gives a copy of its result', async () => {
  const { invoke } = aRuntime({ greet: aFunction('echo', { memoryMb: 1024 }) });
  const event = { tenantId: 'tn_1', dropped: undefined };

  const result = await invoke('greet', event);

  expect(event).toStrictEqual({ tenantId: 'tn_1', dropped: undefined });
  expect(result).toStrictEqual({
    event: { tenantId: 'tn_1', changedByHandler: true },
    at: '1970-01-01T00:00:00.000Z',
    context: { functionName: 'greet', memoryLimitInMB: '1024', hasTime: true, requestId: expect.any(String) },
  });
});

test('no result is null', async () => {
  const { invoke } = aRuntime({ quiet: aFunction('misbehave') });
  await expect(invoke('quiet', { does: 'nothing' })).resolves.toBeNull();
});

test.each([
  [{ does: 'throw' }, 'ShardUnreachable', 'The shard is away.'],
  [{ does: 'throw-text' }, 'string', 'just text'],
  [{ does: 'circular' }, 'Error', 'Unable to stringify response body'],
  [{ does: 'huge', bytes: 6_291_556 }, 'Function.ResponseSizeTooLarge', /exceeded maximum allowed/],
  [{ does: 'nothing', padding: 'x'.repeat(6_291_456) }, 'RequestEntityTooLargeException', /too large/],
])('a failure is told in the words of Lambda: %#', async (event, errorType, errorMessage) => {
  const { invoke } = aRuntime({ bad: aFunction('misbehave') });
  await expect(invoke('bad', event)).rejects.toMatchObject({
    errorType,
    errorMessage: errorMessage instanceof RegExp ? expect.stringMatching(errorMessage) : errorMessage,
  });
});

test('the trace of a failure names the line that threw', async () => {
  const { invoke } = aRuntime({ bad: aFunction('misbehave') });
  await expect(invoke('bad', { does: 'throw' })).rejects.toMatchObject({
    trace: expect.arrayContaining([expect.stringContaining('misbehave.ts')]),
  });
});

test('a function that runs longer than its time-out fails as Lambda says it', async () => {
  const { invoke } = aRuntime({ slow: aFunction('misbehave', { seconds: 0.05 }) });
  await expect(invoke('slow', { does: 'hang' })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0.05 seconds$/),
  });
});

test('no more copies run at once than the manifest allows, and all get their turn', async () => {
  const { invoke } = aRuntime({ narrow: aFunction('misbehave', { concurrency: 2 }) });
  const calls = Array.from({ length: 9 }, () => invoke('narrow', { does: 'work' }));
  await expect(Promise.all(calls)).resolves.toStrictEqual(Array.from({ length: 9 }, () => 'done'));
  expect(seen.mostAtOnce).toBe(2);
});

test('a failed run does not keep its place', async () => {
  const { invoke } = aRuntime({ narrow: aFunction('misbehave', { concurrency: 1 }) });
  await expect(invoke('narrow', { does: 'throw' })).rejects.toThrow('The shard is away.');
  await expect(invoke('narrow', { does: 'work' })).resolves.toBe('done');
});

test('an entry that is missing or exports no handler is told when the runtime loads', async () => {
  await expect(aRuntime({ lost: aFunction('nowhere') }).runtime.load()).rejects.toMatchObject({
    errorType: 'Runtime.ImportModuleError',
  });
  await expect(aRuntime({ odd: aFunction('no-handler') }).runtime.load()).rejects.toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
  });
});

test('a name that is not of the manifest is refused', async () => {
  await expect(aRuntime({}).invoke('nobody', {})).rejects.toMatchObject({ errorType: 'ResourceNotFoundException' });
});

test('every failure is reported with the run it belongs to', async () => {
  const failures: unknown[] = [];
  const { invoke } = aRuntime(
    { bad: aFunction('misbehave') },
    { onFailure: ({ functionName }, { errorType }) => failures.push([functionName, errorType]) },
  );
  await expect(invoke('bad', { does: 'throw' })).rejects.toThrow('The shard is away.');
  expect(failures).toStrictEqual([['bad', 'ShardUnreachable']]);
});
