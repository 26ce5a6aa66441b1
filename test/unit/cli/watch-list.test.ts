import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { operationFeed } from '#cli/operation-feed.ts';
import { watchInList } from '#cli/watch-list.ts';
import { apiClient } from '#core/contract/api/client.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { operationId } from '#test/builders.ts';
import { contractServer } from '#test/unit/core/contract/api/contract-server.ts';
import { anOperation, aRolledBackOperation, aRunningOperation, aStep } from '#test/unit/core/contract/api/samples.ts';

/** Watches an operation seen in these states, one a reading, and gives what was last drawn of each list. */
async function watched(...seen: Operation[]) {
  const last = seen.at(-1);
  await using server = await contractServer({ getOperation: () => seen.shift() ?? last });
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as much of a terminal as is asked of it here
  const screen = stream as unknown as WriteStream;
  const drawn = text(stream);
  const feed = operationFeed(apiClient({ url: server.url, token: 'a-token', fetch }), operationId);
  const operation = await watchInList(feed, screen);
  stream.end();
  return { operation, screen: stripVTControlCharacters(await drawn) };
}

const { endedAt: _ended, ...underWay } = anOperation({ status: 'running' });

test('each step is drawn with its duration', async () => {
  const halfway = {
    ...underWay,
    steps: underWay.steps.map(({ name }, index) => aStep(name, index < 3 ? 'succeeded' : 'pending')),
  };
  const { operation, screen } = await watched(halfway, halfway, anOperation());
  expect(operation).toEqual(anOperation());
  for (const { name } of operation.steps) expect(screen).toContain(`✔ ${name}  0.10 s`);
});

test('a failed step is drawn with its cause, later steps as not reached, and then the roll-back', async () => {
  const { endedAt: _none, ...failing } = { ...aRolledBackOperation(), status: 'running' as const };
  const { operation, screen } = await watched(failing, failing, aRolledBackOperation());
  expect(operation.status).toBe('rolled-back');
  expect(screen).toContain('✖ load-flags  0.10 s');
  expect(screen).toContain('invalid_request: flag "beta" is not defined');
  expect(screen).toContain('not reached');
  expect(screen).toContain('✔ roll back  undone: seed-schema, provision');
});

test('a failed roll-back is drawn as failed', async () => {
  const { screen } = await watched({ ...aRolledBackOperation(), status: 'rollback-failed' });
  expect(screen).toContain('✖ roll back');
  expect(screen).toContain('rollback-failed');
});

test('a forward operation is drawn with its progress, and through a restart until its step succeeds', async () => {
  const error = { code: 'dependency_unavailable', message: 'throttled' };
  const failing = aRunningOperation('propagate-flag-change', {
    progress: { done: 200, total: 1_000, unit: 'tenants' },
    failure: { step: 'propagate-to-tenants', ...error },
    steps: [{ ...aStep('propagate-to-tenants', 'failed'), error }],
  });
  const again = { ...failing, restarts: 1, steps: [aStep('propagate-to-tenants', 'running')] };
  const done = anOperation({ kind: failing.kind, restarts: 1, steps: [aStep('propagate-to-tenants', 'succeeded')] });
  const { operation, screen } = await watched(failing, failing, again, again, done);
  expect(operation.status).toBe('succeeded');
  expect(screen).toContain('propagate-to-tenants  200 of 1000 tenants, restarted once  throttled');
  expect(screen).toContain('✔ propagate-to-tenants  0.10 s');
  expect(screen).not.toContain('roll back');
});
