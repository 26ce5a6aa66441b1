import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetExecutionHistoryCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { openState } from '#local/state.ts';
import { listening } from '#test/local/aws/lambda/listening.ts';
import { aTask, inOrder, machineArn, named, stepFunctions } from './step-functions.ts';

const aGate = () => {
  const gate = Promise.withResolvers<void>();
  const counts = { calls: 0, atOnce: 0, most: 0 };
  const step = async () => {
    counts.calls += 1;
    counts.atOnce += 1;
    counts.most = Math.max(counts.most, counts.atOnce);
    await gate.promise;
    counts.atOnce -= 1;
  };
  return { counts, open: gate.resolve, step };
};

const oneStep = { w: inOrder({ step: aTask('step') }) };
const answers = { handlers: { step: () => ({ ok: true }) }, workflows: oneStep };
const failing = {
  workflows: oneStep,
  handlers: {
    step: () => {
      throw named('NoCapacity', 'full');
    },
  },
};

test('an execution is started, announced and described in the words of AWS', async () => {
  const { start, ended, describe, changes } = await stepFunctions(answers);
  const { executionArn, startDate } = await start('w', { n: 1 }, 'op_1');
  await ended(executionArn);

  expect(await describe(executionArn)).toStrictEqual({
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:w:op_1',
    stateMachineArn: machineArn('w'),
    name: 'op_1',
    status: 'SUCCEEDED',
    startDate,
    stopDate: expect.any(Number),
    redriveCount: 0,
    input: '{"n":1}',
    inputDetails: { included: true },
    output: '{"ok":true}',
    outputDetails: { included: true },
  });
  expect(changes).toMatchObject([
    {
      executionArn,
      stateMachineArn: machineArn('w'),
      name: 'op_1',
      status: 'RUNNING',
      startDate: startDate * 1000,
      stopDate: null,
      input: '{"n":1}',
      output: null,
    },
    {
      executionArn,
      status: 'SUCCEEDED',
      stopDate: expect.any(Number),
      output: '{"ok":true}',
      error: null,
      cause: null,
    },
  ]);
});

test('a failure is announced with its error and its cause', async () => {
  const { run } = await stepFunctions(failing);
  const { status, error, cause } = await run('w');
  expect({ status, error }).toStrictEqual({ status: 'FAILED', error: 'NoCapacity' });
  expect(JSON.parse(cause!)).toMatchObject({ errorMessage: 'full' });
});

test('starting once more under the same name is the same execution while it runs, and refused afterwards', async () => {
  const { step, open, counts } = aGate();
  const { start, ended } = await stepFunctions({ ...answers, handlers: { step } });

  const [first, again] = await Promise.all([start('w', { n: 1 }, 'op_1'), start('w', { n: 1 }, 'op_1')]);

  expect(again).toStrictEqual(first);
  await expect(start('w', { n: 2 }, 'op_1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  open();
  await ended(first.executionArn);
  await expect(start('w', { n: 1 }, 'op_1')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  expect(counts.calls).toBe(1);
});

test.each(['', 'a b', 'a/b', 'a:b', 'x'.repeat(81), 'q?', 'tab\t'])('the name “%s” is refused', async (name) => {
  const { call } = await stepFunctions(answers);
  await expect(call('StartExecution', { stateMachineArn: machineArn('w'), name })).rejects.toMatchObject({
    name: 'InvalidName',
  });
});

test.each([
  ['StartExecution', { stateMachineArn: machineArn('nothing') }, 'StateMachineDoesNotExist'],
  ['StartExecution', { stateMachineArn: machineArn('w'), input: '{' }, 'InvalidExecutionInput'],
  [
    'StartExecution',
    { stateMachineArn: machineArn('w'), input: JSON.stringify('x'.repeat(262_144)) },
    'ValidationException',
  ],
  ['StartExecution', { stateMachineArn: 7 }, 'ValidationException'],
  [
    'DescribeExecution',
    { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:w:none' },
    'ExecutionDoesNotExist',
  ],
  ['StopExecution', { executionArn: 'none' }, 'ExecutionDoesNotExist'],
  ['GetExecutionHistory', { executionArn: 'none' }, 'ExecutionDoesNotExist'],
  ['ListExecutions', { stateMachineArn: machineArn('nothing') }, 'StateMachineDoesNotExist'],
  ['ListExecutions', { stateMachineArn: machineArn('w'), nextToken: 'bm9uZQ' }, 'InvalidToken'],
  ['DescribeStateMachine', {}, 'UnknownOperationException'],
])('%s %j is refused as %s', async (operation, input, name) => {
  const { call } = await stepFunctions(answers);
  await expect(call(operation, input)).rejects.toMatchObject({ name });
});

test('executions are listed newest first, by status, in pages', async () => {
  const { run, start, call } = await stepFunctions({
    workflows: { ...oneStep, other: inOrder({ hang: aTask('hang') }) },
    handlers: { step: () => 1, hang: () => new Promise(() => undefined) },
  });
  const arns: string[] = [];
  for (let count = 0; count < 3; count += 1) arns.unshift((await run('w')).executionArn);
  const hanging = await start('other');

  const first = await call<{ executions: object[]; nextToken: string }>('ListExecutions', {
    stateMachineArn: machineArn('w'),
    maxResults: 2,
  });
  const rest = await call('ListExecutions', { stateMachineArn: machineArn('w'), nextToken: first.nextToken });
  const running = await call('ListExecutions', { stateMachineArn: machineArn('other'), statusFilter: 'RUNNING' });

  expect(first.executions).toMatchObject([{ executionArn: arns[0] }, { executionArn: arns[1] }]);
  expect(rest).toStrictEqual({ executions: [expect.objectContaining({ executionArn: arns[2], status: 'SUCCEEDED' })] });
  expect(running).toMatchObject({ executions: [{ executionArn: hanging.executionArn, status: 'RUNNING' }] });
});

test('no more executions run at once than allowed; the others wait, and their time-out does not count yet', async () => {
  const { step, open, counts } = aGate();
  const timed = { w: { ...oneStep.w, TimeoutSeconds: 60 } };
  const { start, ended, describe, clock } = await stepFunctions({
    workflows: timed,
    handlers: { step },
    maxRunning: 2,
  });
  const arns = await Promise.all(Array.from({ length: 5 }, async () => (await start('w')).executionArn));

  await clock.advance(61);
  await Promise.all(arns.slice(0, 2).map(ended));
  expect(await describe(arns[2]!)).toMatchObject({ status: 'RUNNING' });
  open();

  const statuses = await Promise.all(arns.map(async (arn) => (await ended(arn)).status));
  expect(statuses).toStrictEqual(['TIMED_OUT', 'TIMED_OUT', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  expect(counts.calls).toBe(5);
});

test('an execution that waits to begin can be stopped, and never begins', async () => {
  const { step, open, counts } = aGate();
  const { start, ended, call, history } = await stepFunctions({
    workflows: oneStep,
    handlers: { step },
    maxRunning: 1,
  });
  const first = await start('w');
  const waiting = await start('w');

  await call('StopExecution', { executionArn: waiting.executionArn });
  open();
  await ended(first.executionArn);

  expect((await ended(waiting.executionArn)).status).toBe('ABORTED');
  expect(await history(waiting.executionArn)).toMatchObject([
    { type: 'ExecutionStarted' },
    { type: 'ExecutionAborted' },
  ]);
  expect(counts.calls).toBe(1);
});

test('stopping an execution that has ended changes nothing', async () => {
  const { run, call, describe, changes } = await stepFunctions(answers);
  const { executionArn } = await run('w');
  await call('StopExecution', { executionArn });
  expect(await describe(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(changes).toHaveLength(2);
});

test('after a restart, running and waiting executions run from the start, and ended ones are still there', async () => {
  const state = await openState();
  const before = await stepFunctions({
    workflows: oneStep,
    handlers: { step: ({ hang }) => (hang ? new Promise(() => undefined) : 'old') },
    state,
    maxRunning: 1,
  });
  const past = await before.run('w', {});
  const running = await before.start('w', { hang: true }, 'running');
  const queued = await before.start('w', { hang: true }, 'queued');
  await before.states.close();

  const after = await stepFunctions({ workflows: oneStep, handlers: { step: () => 'new' }, state });
  after.states.resume();

  for (const { executionArn } of [running, queued]) {
    expect(await after.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"new"' });
  }
  expect(await after.describe(past.executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"old"' });
  expect(await after.history(past.executionArn)).toStrictEqual(past.events);
  expect(after.changes.map(({ name }) => name)).not.toContain(past.name);
});

test('an execution of a removed workflow fails after a restart', async () => {
  const state = await openState();
  const before = await stepFunctions({
    workflows: oneStep,
    handlers: { step: () => new Promise(() => undefined) },
    state,
  });
  const { executionArn } = await before.start('w');
  await before.states.close();

  const after = await stepFunctions({ workflows: {}, state });
  after.states.resume();

  expect(await after.ended(executionArn)).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'There is no workflow w any more.',
  });
});

test('an execution is forgotten 90 days after its end', async () => {
  const state = await openState();
  const before = await stepFunctions({ ...answers, state });
  const { executionArn } = await before.run('w');

  await before.clock.advance(89 * 86_400);
  const later = await stepFunctions({ ...answers, state });
  expect(await later.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  await later.clock.advance(2 * 86_400);

  const latest = await stepFunctions({ ...answers, state });
  await expect(latest.describe(executionArn)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
});

test('an end that could not be announced is stored, reported, and announced after a restart', async () => {
  const state = await openState();
  const before = await stepFunctions({
    ...failing,
    state,
    onStatusChange: ({ status }) => {
      if (status === 'FAILED') throw new Error('The bus is away.');
    },
  });
  const { executionArn } = await before.start('w');
  await expect.poll(() => before.faults).toHaveLength(1);

  const after = await stepFunctions({ ...failing, state });
  after.states.resume();

  expect(await after.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'NoCapacity' });
});

test('the SDK reads what it is sent', async () => {
  const { states, ended } = await stepFunctions(failing);
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    const answered = text(request).then((body) => states.call(operation, JSON.parse(body)));
    answered.then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  const client = new SFNClient({
    endpoint: await listening(server),
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  onTestFinished(() => {
    client.destroy();
    server.close();
  });

  const { executionArn, startDate } = await client.send(
    new StartExecutionCommand({ stateMachineArn: machineArn('w'), input: '{}' }),
  );
  await ended(executionArn!);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }));

  expect(startDate).toBeInstanceOf(Date);
  expect(events!.map(({ type }) => type)).toStrictEqual([
    'ExecutionFailed',
    'LambdaFunctionFailed',
    'LambdaFunctionStarted',
    'LambdaFunctionScheduled',
    'TaskStateEntered',
    'ExecutionStarted',
  ]);
  expect(events![1]!.lambdaFunctionFailedEventDetails!.error).toBe('NoCapacity');
  expect(Math.abs(events![0]!.timestamp!.getTime() - startDate!.getTime())).toBeLessThan(60_000);
});
