import { expect, test } from 'vitest';
import { stateStatuses } from '#console/operations/operation-states.ts';
import { workflowGraph } from '#console/operations/workflow.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { operationKindNames, stepsOf, workflowOf } from '#core/operation/kinds.ts';
import { anOperation } from '#test/builders.ts';
import { workflows } from '#workflows/workflows.ts';

const graph = workflowGraph(workflows['onboard-tenant']);
const node = (name: string) => graph.nodes.find((one) => one.name === name);
const edge = (from: string, to: string) => graph.edges.find((one) => one.from === from && one.to === to);

const statuses = (fields: Partial<Operation>) => stateStatuses(graph, { ...anOperation(), ...fields });

test('the steps are in one row, in order, and end at the success state', () => {
  expect(stepsOf('onboard').map((name) => [node(name)?.lane, node(name)?.layer])).toEqual(
    stepsOf('onboard').map((_, index) => [0, index]),
  );
  expect(node('succeeded')).toMatchObject({ lane: 0, layer: stepsOf('onboard').length, isEnd: true });
  expect(edge('activate', 'succeeded')).toMatchObject({ isCatch: false });
  expect(edge('provision', 'seed-schema')).toMatchObject({ isCatch: false });
});

test('a failed step leads to the roll-back in the next lane; a failed roll-back leads to the one after', () => {
  for (const step of stepsOf('onboard')) expect(edge(step, 'roll-back')).toMatchObject({ isCatch: true });
  expect([node('roll-back')?.lane, node('rolled-back')?.lane, node('rollback-failed')?.lane]).toEqual([1, 1, 2]);
  expect(edge('roll-back', 'fail-roll-back')).toMatchObject({ isCatch: true });
});

test('the status of other states follows from the operation’s status', () => {
  const failure = { step: 'provision', code: 'internal', message: 'it broke' };
  expect(statuses({ status: 'succeeded' }).get('succeeded')).toBe('succeeded');
  expect(statuses({ status: 'running' }).get('roll-back')).toBe('pending');
  expect(statuses({ status: 'running', failure }).get('roll-back')).toBe('running');
  expect(statuses({ status: 'rolled-back', failure }).get('rolled-back')).toBe('succeeded');
  expect(statuses({ status: 'rollback-failed', failure }).get('roll-back')).toBe('failed');
});

test('a Choice that leads back is drawn as a step that repeats, with every other step in one row', () => {
  const { nodes, edges } = workflowGraph(workflows['propagate-flag-change']);
  expect(nodes.map(({ name, layer, lane, repeats }) => [name, layer, lane, repeats])).toEqual([
    ['propagate-to-tenants', 0, 0, true],
    ['succeeded', 1, 0, false],
  ]);
  expect(edges).toEqual([{ from: 'propagate-to-tenants', to: 'succeeded', isCatch: false }]);
});

test('the workflow of every kind draws its steps and its successful end', () => {
  for (const kind of operationKindNames) {
    const drawn = workflowGraph(workflows[workflowOf(kind)]).nodes.map(({ name }) => name);
    expect(drawn).toEqual(expect.arrayContaining([...stepsOf(kind), 'succeeded']));
    expect(drawn.filter((name) => name.startsWith('is-'))).toEqual([]);
  }
});
