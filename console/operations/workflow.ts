import { type Machine, machineSchema, type State } from '#core/contract/platform/state-machine.ts';

export interface WorkflowNode {
  name: string;
  isEnd: boolean;
  /** Whether it runs again until its work is done: a Choice after it leads back to it. */
  repeats: boolean;
  /** The length of the longest path from the start. */
  layer: number;
  /** 0 on the path without failures; plus one for each failure on the path to the state. */
  lane: number;
}

export interface WorkflowEdge {
  from: string;
  to: string;
  /** Whether it is taken when `from` fails. */
  isCatch: boolean;
}

export interface WorkflowGraph {
  nodes: readonly WorkflowNode[];
  edges: readonly WorkflowEdge[];
}

/**
 * The states that are drawn for a transition to a state: for a Parallel the first of its branch, for a Choice those that
 * it leads to. A Choice always leads to states that work or end, never to another Choice.
 */
const entriesOf = ({ States }: Machine, name: string): string[] => {
  const { Branches: [branch] = [], Choices, Default } = States[name] ?? {};
  if (branch) return entriesOf(branch, branch.StartAt);
  return Choices ? [...Choices.map(({ Next }) => Next), ...(Default === undefined ? [] : [Default])] : [name];
};

const statesOf = (machine: Machine): string[] =>
  Object.entries(machine.States).flatMap(([name, { Branches = [], Choices }]) => {
    if (Choices) return [];
    return Branches.length > 0 ? Branches.flatMap(statesOf) : [name];
  });

const isLast = ({ Next, Choices }: State) => Next === undefined && Choices === undefined;

const lastOf = (machine: Machine, name: string): string[] => {
  const { Branches = [] } = machine.States[name] ?? {};
  if (Branches.length === 0) return [name];
  return Branches.flatMap((branch) =>
    Object.entries(branch.States).flatMap(([inner, state]) => (isLast(state) ? lastOf(branch, inner) : [])),
  );
};

const edgesOf = (machine: Machine): WorkflowEdge[] =>
  Object.entries(machine.States).flatMap(([name, { Next, Catch = [], Branches = [] }]) => [
    ...Branches.flatMap(edgesOf),
    ...(Next === undefined
      ? []
      : lastOf(machine, name).flatMap((from) => entriesOf(machine, Next).map((to) => ({ from, to, isCatch: false })))),
    ...Catch.flatMap((caught) =>
      (Branches.length > 0 ? Branches.flatMap(statesOf) : [name]).flatMap((from) =>
        entriesOf(machine, caught.Next).map((to) => ({ from, to, isCatch: true })),
      ),
    ),
  ]);

/** The layout of a workflow, whose Choices are part of the state before them: columns by order, lanes by the number of failures. */
export const workflowGraph = (definition: unknown): WorkflowGraph => {
  const machine = machineSchema.parse(definition);
  const transitions = edgesOf(machine);
  const edges = transitions.filter(({ from, to }) => from !== to);
  const names = statesOf(machine);
  const lanes = longest(names, edges, ({ isCatch }) => (isCatch ? 1 : 0));
  const layers = longest(names, edges, ({ from, to }) => (lanes.get(from) === lanes.get(to) ? 1 : 0));
  const nodes = names.map((name) => ({
    name,
    isEnd: !edges.some(({ from }) => from === name),
    repeats: transitions.some(({ from, to }) => from === name && to === name),
    layer: layers.get(name) ?? 0,
    lane: lanes.get(name) ?? 0,
  }));
  return { nodes, edges };
};

/** The longest path to each state, by the given edge lengths; beyond states that repeat, workflows have no cycles. */
const longest = (
  names: readonly string[],
  edges: readonly WorkflowEdge[],
  lengthOf: (edge: WorkflowEdge) => number,
) => {
  const found = new Map(names.map((name) => [name, 0]));
  for (let round = 0; round < names.length; round += 1) {
    for (const edge of edges) {
      const reached = (found.get(edge.from) ?? 0) + lengthOf(edge);
      if (reached > (found.get(edge.to) ?? 0)) found.set(edge.to, reached);
    }
  }
  return found;
};
