import { expect, test } from 'vitest';
import { aTask, inOrder, named, retry, type SeenEvent, stepFunctions, typesOf } from './step-functions.ts';

const steps = (branch: object) => ({
  ...inOrder({
    steps: {
      Type: 'Parallel',
      Branches: [branch],
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'undo' }],
      Next: 'done',
    },
    done: { Type: 'Succeed' },
    undo: aTask('undo', { ResultPath: null, Next: 'undone' }),
    undone: { Type: 'Fail', Error: 'RolledBack', Cause: 'A step failed.' },
  }),
});

const onboarding = steps(
  inOrder({
    one: aTask('one', { ResultPath: null }),
    two: aTask('two', { ...retry('Transient', { MaxAttempts: 1 }), ResultPath: null }),
  }),
);

const withFailing = (two: () => unknown) =>
  stepFunctions({ workflows: { w: onboarding }, handlers: { one: () => 1, two, undo: () => null } });

const details = (event: SeenEvent | undefined, name: string) =>
  event?.[`${name}EventDetails`] as Record<string, string>;

const zero = () => 0;

/** Walks back from an event along what it followed. */
const chainTo = (events: readonly SeenEvent[], event: SeenEvent): SeenEvent[] => {
  const former = events.find(({ id }) => id === event.previousEventId);
  return former ? [...chainTo(events, former), event] : [event];
};

test('a run that goes well has the events that Step Functions writes', async () => {
  const { run } = await withFailing(() => 2);
  const { events } = await run('w', { tenantId: 'tn_1' });

  const task = [
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
  ];
  expect(typesOf(events)).toStrictEqual([
    'ExecutionStarted',
    'ParallelStateEntered',
    'ParallelStateStarted',
    ...task,
    ...task,
    'ParallelStateSucceeded',
    'ParallelStateExited',
    'SucceedStateEntered',
    'SucceedStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events.map(({ id }) => id)).toStrictEqual(events.map((_, index) => index + 1));
  expect(details(events[3], 'stateEntered')).toMatchObject({ name: 'one', input: '{"tenantId":"tn_1"}' });
  expect(details(events[4], 'lambdaFunctionScheduled')).toMatchObject({
    resource: 'arn:aws:lambda:us-east-1:000000000000:function:one',
    input: '{"tenantId":"tn_1"}',
  });
  expect(details(events[6], 'lambdaFunctionSucceeded')).toMatchObject({ output: '1' });
});

test('the step that failed, why, and how often it was tried can be read from the history', async () => {
  let tries = 0;
  const { run } = await withFailing(() => {
    tries += 1;
    throw named('Transient', `try ${tries}`);
  });

  const { events } = await run('w', { tenantId: 'tn_1' });

  const failures = events.filter(({ type }) => type === 'LambdaFunctionFailed');
  expect(failures.map((event) => JSON.parse(details(event, 'lambdaFunctionFailed')['cause']!))).toMatchObject([
    { errorType: 'Transient', errorMessage: 'try 1' },
    { errorType: 'Transient', errorMessage: 'try 2' },
  ]);
  const chain = chainTo(events, failures[1]!);
  expect(typesOf(chain.slice(-7))).toStrictEqual([
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
  ]);
  expect(details(chain.at(-7), 'stateEntered')['name']).toBe('two');
  expect(typesOf(events).slice(-10)).toStrictEqual(
    [
      'ParallelStateFailed',
      'ParallelStateExited',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'FailStateEntered',
      'ExecutionFailed',
    ].toSpliced(0, 0, 'LambdaFunctionFailed'),
  );
  expect(details(events.at(-1), 'executionFailed')).toStrictEqual({ error: 'RolledBack', cause: 'A step failed.' });
});

test('the order holds over branches within branches, and each event follows one of its own branch', async () => {
  const deep = inOrder({
    outer: {
      Type: 'Parallel',
      Branches: [
        inOrder({
          inner: { Type: 'Parallel', Branches: [inOrder({ a: aTask('a') }), inOrder({ b: aTask('b') })] },
          after: aTask('after'),
        }),
        inOrder({ c: aTask('c') }),
      ],
    },
  });
  const { run } = await stepFunctions({
    workflows: { deep },
    handlers: { a: zero, b: zero, c: zero, after: zero },
  });

  const { status, events } = await run('deep');

  expect(status).toBe('SUCCEEDED');
  const entered = (name: string) => events.find((event) => details(event, 'stateEntered')?.['name'] === name)!;
  const namesTo = (name: string) =>
    chainTo(events, entered(name)).flatMap((event) => details(event, 'stateEntered')?.['name'] ?? []);
  expect(namesTo('a')).toStrictEqual(['outer', 'inner', 'a']);
  expect(namesTo('b')).toStrictEqual(['outer', 'inner', 'b']);
  expect(namesTo('c')).toStrictEqual(['outer', 'c']);
  expect(typesOf(events).filter((type) => type.startsWith('LambdaFunctionSucceeded'))).toHaveLength(4);
  expect(typesOf(events).slice(-3)).toStrictEqual([
    'ParallelStateSucceeded',
    'ParallelStateExited',
    'ExecutionSucceeded',
  ]);
  const position = (name: string, type: string) =>
    events.findIndex((event) => event.type === type && details(event, 'stateExited')?.['name'] === name);
  expect(position('a', 'TaskStateExited')).toBeLessThan(position('inner', 'ParallelStateExited'));
  expect(position('b', 'TaskStateExited')).toBeLessThan(position('inner', 'ParallelStateExited'));
});

test('a step whose parameters cannot be made is entered and never called, and nothing catches it', async () => {
  const workflow = steps(inOrder({ one: aTask('one', { Parameters: { 'missing.$': '$.nowhere' } }) }));
  const { run } = await stepFunctions({ workflows: { w: workflow }, handlers: { one: () => 1, undo: () => null } });
  const { events, ...ended } = await run('w');
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(typesOf(events).slice(-3)).toStrictEqual(['TaskStateEntered', 'ParallelStateFailed', 'ExecutionFailed']);
});

test('the history of an aborted execution ends with what was under way', async () => {
  const under = Promise.withResolvers<void>();
  const { start, call, history } = await withFailing(() => {
    under.resolve();
    return new Promise(() => undefined);
  });
  const { executionArn } = await start('w');
  await under.promise;

  await call('StopExecution', { executionArn, error: 'Operator', cause: 'enough' });

  const reversed = await history(executionArn, { reverseOrder: true });
  expect(typesOf(reversed).slice(0, 4)).toStrictEqual([
    'ExecutionAborted',
    'LambdaFunctionStarted',
    'LambdaFunctionScheduled',
    'TaskStateEntered',
  ]);
  expect(details(reversed[0], 'executionAborted')).toStrictEqual({ error: 'Operator', cause: 'enough' });
  expect(details(reversed[3], 'stateEntered')['name']).toBe('two');
});

test.each([false, true])('pages of a history give every event once (reverse: %s)', async (reverseOrder) => {
  const { run, call, history } = await withFailing(() => 2);
  const { executionArn } = await run('w');
  const ids: number[] = [];
  let nextToken: string | undefined;
  do {
    const page = await call<{ events: SeenEvent[]; nextToken?: string }>('GetExecutionHistory', {
      executionArn,
      reverseOrder,
      maxResults: 4,
      ...(nextToken && { nextToken }),
    });
    expect(page.events.length).toBeLessThanOrEqual(4);
    ids.push(...page.events.map(({ id }) => id));
    nextToken = page.nextToken;
  } while (nextToken);
  const all = (await history(executionArn)).map(({ id }) => id);
  expect(ids).toStrictEqual(reverseOrder ? all.toReversed() : all);
});
