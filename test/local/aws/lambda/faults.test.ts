import { expect, test } from 'vitest';
import { FaultRegistry } from '#local/aws/lambda/faults.ts';
import { seen } from './handlers/misbehave.ts';
import { aFunction, aRuntime } from './runtime-builder.ts';

const callsMade = async (work: () => Promise<unknown>) => {
  const before = seen.calls;
  await work();
  return seen.calls - before;
};

const aStep = () => {
  const { faults, invoke } = aRuntime({ step: aFunction('misbehave') });
  return { faults, run: () => invoke('step', { does: 'work' }) };
};

test('“throw” fails the function before its work, as often as asked, under the name asked', async () => {
  const { faults, run } = aStep();
  faults.add({ function: 'step', kind: 'throw', error: 'ShardUnreachable', times: 2 });

  const calls = await callsMade(async () => {
    await expect(run()).rejects.toMatchObject({ errorType: 'ShardUnreachable' });
    await expect(run()).rejects.toMatchObject({ errorType: 'ShardUnreachable' });
  });

  expect(calls).toBe(0);
  await expect(run()).resolves.toBe('done');
});

test('“throw-after” fails the function once its work has taken effect', async () => {
  const { faults, run } = aStep();
  faults.add({ function: 'step', kind: 'throw-after' });

  await expect(callsMade(() => expect(run()).rejects.toMatchObject({ errorType: 'Error' }))).resolves.toBe(1);
  await expect(run()).resolves.toBe('done');
});

test('“timeout” fails the function at once in the words of Lambda', async () => {
  const { faults, run } = aStep();
  faults.add({ function: 'step', kind: 'timeout' });

  const calls = await callsMade(() =>
    expect(run()).rejects.toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 20.00 seconds$/),
    }),
  );

  expect(calls).toBe(0);
  await expect(run()).resolves.toBe('done');
});

test('a fault of one function leaves the others alone', async () => {
  const { faults, invoke } = aRuntime({ step: aFunction('misbehave'), other: aFunction('misbehave') });
  faults.add({ function: 'step', kind: 'throw' });
  await expect(invoke('other', { does: 'work' })).resolves.toBe('done');
});

test('the list tells what is still to happen, and clearing ends it', async () => {
  const { faults, run } = aStep();
  faults.add({ function: 'step', kind: 'throw', times: 3 });
  await expect(run()).rejects.toThrow('injected');
  expect(faults.list()).toStrictEqual([{ function: 'step', kind: 'throw', times: 2 }]);

  faults.clear();

  expect(faults.list()).toStrictEqual([]);
  await expect(run()).resolves.toBe('done');
});

test.each([
  [{ function: 'nobody', kind: 'throw' }, '/function'],
  [{ function: 'step', kind: 'explode' }, '/kind'],
  [{ function: 'step', kind: 'aws' }, '/operation'],
  [{ function: 'step', kind: 'throw', times: 0 }, '/times'],
  [{ function: 'step', kind: 'throw', error: 'not a name' }, '/error'],
  [{ function: 'step', kind: 'throw', misspelt: 1 }, '/misspelt'],
])('a fault that makes no sense is refused at its field: %j', (fault, path) => {
  const faults = new FaultRegistry(['step']);
  expect(() => faults.add(fault)).toThrow(
    expect.objectContaining({ code: 'invalid_request', errors: [expect.objectContaining({ path })] }),
  );
  expect(faults.list()).toStrictEqual([]);
});
