import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aTask, inOrder, named, retry, stepFunctions } from './step-functions.ts';

test('states run in order, each on its own copy of the data', async () => {
  const seen: unknown[] = [];
  const { run } = await stepFunctions({
    workflows: {
      w: inOrder({
        first: aTask('first', { ResultPath: null }),
        second: aTask('second', { ResultPath: '$.second' }),
        third: aTask('third', { ResultPath: '$' }),
      }),
    },
    handlers: {
      first: (event) => {
        event['spoilt'] = true;
      },
      second: (event) => {
        seen.push(event);
        return { at: new Date(0), gone: undefined };
      },
      third: (event) => event,
    },
  });

  const { status, output } = await run('w', { tenantId: 'tn_1' });

  expect(status).toBe('SUCCEEDED');
  expect(seen).toStrictEqual([{ tenantId: 'tn_1' }]);
  expect(JSON.parse(output!)).toStrictEqual({ tenantId: 'tn_1', second: { at: '1970-01-01T00:00:00.000Z' } });
});

test('no result is null', async () => {
  const { run } = await stepFunctions({
    workflows: { w: inOrder({ quiet: aTask('quiet') }) },
    handlers: { quiet: () => undefined },
  });
  expect((await run('w')).output).toBe('null');
});

test('the context has the execution and the number of retries, also within a branch', async () => {
  const seen: unknown[] = [];
  const fields = {
    Parameters: { 'n.$': '$.deep.n', 'execution.$': '$$.Execution.Id', 'retry.$': '$$.State.RetryCount' },
    ResultPath: null,
  };
  const { start, ended } = await stepFunctions({
    workflows: {
      w: inOrder({
        both: { Type: 'Parallel', Branches: [inOrder({ tell: aTask('tell', { ...fields, ...retry('Transient') }) })] },
      }),
    },
    handlers: {
      tell: (event) => {
        seen.push(event);
        if (event['retry'] !== 2) throw named('Transient');
      },
    },
  });

  const { executionArn } = await start('w', { deep: { n: 7 } }, 'op_1');
  await ended(executionArn);

  expect(executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:w:op_1');
  expect(seen).toStrictEqual([0, 1, 2].map((count) => ({ n: 7, execution: executionArn, retry: count })));
});

test('a state that is entered again counts its tries anew', async () => {
  const seen: unknown[] = [];
  const { run } = await stepFunctions({
    workflows: {
      w: inOrder({
        ask: aTask('ask', {
          Parameters: { 'retry.$': '$$.State.RetryCount' },
          ...retry('Transient', { MaxAttempts: 1 }),
          Catch: [{ ErrorEquals: ['Transient'], ResultPath: '$.failure', Next: 'again' }],
        }),
        again: {
          Type: 'Choice',
          Choices: [{ Variable: '$.isAskedAgain', BooleanEquals: true, Next: 'ask' }],
          Default: 'done',
        },
        done: { Type: 'Succeed' },
      }),
    },
    handlers: {
      ask: ({ retry: count }) => {
        seen.push(count);
        if (seen.length <= 2) throw named('Transient');
        return { isAskedAgain: false };
      },
    },
  });
  expect(await run('w', { isAskedAgain: true })).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"isAskedAgain":false}',
  });
  expect(seen).toStrictEqual([0, 1, 0]);
});

test('a failure is retried by its name only, and at last ends the execution with Lambda’s words', async () => {
  const calls = { transient: 0, lasting: 0 };
  const { run } = await stepFunctions({
    workflows: {
      tried: inOrder({ transient: aTask('transient', retry('Transient')) }),
      untried: inOrder({ lasting: aTask('lasting', retry('Transient')) }),
    },
    handlers: {
      transient: () => {
        calls.transient += 1;
        throw named('Transient', `try ${calls.transient}`);
      },
      lasting: () => {
        calls.lasting += 1;
        throw named('SchemaNotIsolated', 'table a has no policy');
      },
    },
  });

  const tried = await run('tried');
  const untried = await run('untried');

  expect(calls).toStrictEqual({ transient: 3, lasting: 1 });
  expect(tried).toMatchObject({ status: 'FAILED', error: 'Transient' });
  expect(JSON.parse(tried.cause!)).toMatchObject({ errorType: 'Transient', errorMessage: 'try 3' });
  expect(untried).toMatchObject({ status: 'FAILED', error: 'SchemaNotIsolated' });
});

test('a failure in a branch is caught by the whole, with its own name and the whole’s input', async () => {
  const rolledBack: unknown[] = [];
  const { run } = await stepFunctions({
    workflows: {
      w: inOrder({
        steps: {
          Type: 'Parallel',
          Branches: [inOrder({ one: aTask('one', { ResultPath: '$.one' }), two: aTask('two') })],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'undo' }],
          ResultPath: null,
          Next: 'fine',
        },
        fine: { Type: 'Succeed' },
        undo: aTask('undo', { Next: 'undone', ResultPath: null }),
        undone: { Type: 'Fail', Error: 'RolledBack', Cause: 'A step failed.' },
      }),
    },
    handlers: {
      one: () => ({ made: true }),
      two: () => {
        throw named('NoCapacity', 'full');
      },
      undo: (event) => {
        rolledBack.push(event);
      },
    },
  });

  expect(await run('w', { tenantId: 'tn_1' })).toMatchObject({
    status: 'FAILED',
    error: 'RolledBack',
    cause: 'A step failed.',
  });
  expect(rolledBack).toMatchObject([{ tenantId: 'tn_1', failure: { Error: 'NoCapacity' } }]);
  expect(rolledBack[0]).not.toHaveProperty('one');
});

test('the branch that fails first ends the others, which make no more calls', async () => {
  const second = Promise.withResolvers<void>();
  const calls: string[] = [];
  const both = {
    Type: 'Parallel',
    Branches: [inOrder({ fails: aTask('fails') }), inOrder({ slow: aTask('slow'), never: aTask('never') })],
    Catch: [{ ErrorEquals: ['NoCapacity'], Next: 'undo' }],
    Next: 'undo',
  };
  const { run } = await stepFunctions({
    workflows: { w: inOrder({ both, undo: aTask('undo') }) },
    handlers: {
      fails: () => {
        throw named('NoCapacity');
      },
      slow: () => second.promise,
      never: () => calls.push('never'),
      undo: async () => {
        calls.push('undo');
        second.resolve();
        await soon();
      },
    },
  });

  const { status, events } = await run('w');

  expect(status).toBe('SUCCEEDED');
  expect(calls).toStrictEqual(['undo']);
  expect(events.filter(({ type }) => type === 'LambdaFunctionSucceeded')).toHaveLength(1);
});

test.each([
  ['input', 'tell', { Parameters: { 'text.$': '$.text', 'more.$': '$.text' } }],
  ['result', 'double', {}],
])('a payload over 256 KiB fails and is not caught: %s', async (_, name, fields) => {
  const called: string[] = [];
  const { run } = await stepFunctions({
    workflows: {
      w: inOrder({
        step: aTask(name, {
          ...fields,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'caught' }],
          ...retry('States.ALL'),
          End: true,
        }),
        caught: { Type: 'Succeed' },
      }),
    },
    handlers: {
      tell: () => called.push('tell'),
      double: ({ text }) => [text, text],
    },
  });
  expect(await run('w', { text: 'x'.repeat(200_000) })).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  });
  expect(called).toStrictEqual([]);
});

test('a Task that runs out of its own time is tried again, and what the first try answers then changes nothing', async () => {
  const first = Promise.withResolvers<string>();
  const seen: unknown[] = [];
  const { run } = await stepFunctions({
    workflows: {
      w: inOrder({
        slow: aTask('slow', {
          Parameters: { 'retry.$': '$$.State.RetryCount' },
          TimeoutSeconds: 1,
          Retry: [
            { ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxDelaySeconds: 1, JitterStrategy: 'FULL' },
            { ErrorEquals: ['Transient'], IntervalSeconds: 1, MaxDelaySeconds: 1, JitterStrategy: 'FULL' },
          ],
        }),
      }),
    },
    handlers: {
      slow: async ({ retry: count }) => {
        seen.push(count);
        if (count === 0) return await first.promise;
        if (count === 2) return 'third';
        first.resolve('first, too late');
        await soon();
        throw named('Transient');
      },
    },
  });

  const { output, events } = await run('w');

  expect(output).toBe('"third"');
  expect(seen).toStrictEqual([0, 1, 2]);
  expect(events.map(({ type }) => type)).toStrictEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionTimedOut',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

const hanging = () => {
  const release = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const calls: string[] = [];
  const step = (name: string) => async () => {
    calls.push(name);
    entered.resolve();
    await release.promise;
    throw named('Transient');
  };
  return { calls, entered: entered.promise, release: release.resolve, first: step('first'), undo: step('undo') };
};

const stoppable = {
  ...inOrder({
    first: aTask('first', {
      ...retry('Transient', { MaxAttempts: 9 }),
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'undo' }],
      Next: 'undo',
    }),
    undo: aTask('undo'),
  }),
  TimeoutSeconds: 600,
};

test('the clock runs an execution past its own time-out, and nothing follows', async () => {
  const { calls, entered, release, ...handlers } = hanging();
  const { start, ended, clock, describe } = await stepFunctions({ workflows: { w: stoppable }, handlers });
  const { executionArn } = await start('w');
  await entered;

  await clock.advance(599);
  expect(await describe(executionArn)).toMatchObject({ status: 'RUNNING' });
  await clock.advance(2);

  expect(await ended(executionArn)).toMatchObject({ status: 'TIMED_OUT' });
  release();
  await soon();
  expect(calls).toStrictEqual(['first']);
});

test('a stopped execution is aborted with the reason given, and nothing follows', async () => {
  const { calls, entered, release, ...handlers } = hanging();
  const { start, call, describe } = await stepFunctions({ workflows: { w: stoppable }, handlers });
  const { executionArn } = await start('w');
  await entered;

  await call('StopExecution', { executionArn, error: 'Operator', cause: 'enough' });

  expect(await describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'enough' });
  release();
  await soon();
  expect(calls).toStrictEqual(['first']);
});

test('an execution stopped while it waits for a retry makes none', async () => {
  let calls = 0;
  const { start, call, ended, history } = await stepFunctions({
    workflows: {
      w: inOrder({
        fails: aTask(
          'fails',
          retry('Transient', { IntervalSeconds: 60, MaxDelaySeconds: 60, JitterStrategy: 'NONE', MaxAttempts: 5 }),
        ),
      }),
    },
    handlers: {
      fails: () => {
        calls += 1;
        throw named('Transient');
      },
    },
  });
  const { executionArn } = await start('w');
  await expect.poll(async () => (await history(executionArn)).at(-1)?.type).toBe('LambdaFunctionFailed');

  await call('StopExecution', { executionArn });

  await ended(executionArn);
  await soon();
  expect(calls).toBe(1);
});
