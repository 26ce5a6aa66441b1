import { type Machine, machineSchema } from '#core/contract/platform/state-machine.ts';

export interface WorkflowNode {
  name: string;
  isEnd: boolean;
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

/** The first and last states of a state: a Parallel with one branch stands for the states of its branch. */
const entryOf = ({ States }: Machine, name: string): string => {
  const [branch] = States[name]?.Branches ?? [];
  return branch ? entryOf(branch, branch.StartAt) : name;
};

const statesOf = (machine: Machine): string[] =>
  Object.entries(machine.States).flatMap(([name, { Branches = [] }]) =>
    Branches.length > 0 ? Branches.flatMap(statesOf) : [name],
  );

const isLast = ({ Next }: { Next?: string | undefined }) => Next === undefined;

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
      : lastOf(machine, name).map((from) => ({ from, to: entryOf(machine, Next), isCatch: false }))),
    ...Catch.flatMap((caught) =>
      (Branches.length > 0 ? Branches.flatMap(statesOf) : [name]).map((from) => ({
        from,
        to: entryOf(machine, caught.Next),
        isCatch: true,
      })),
    ),
  ]);

/** The layout of a workflow: columns by order, lanes by the number of failures. */
export const workflowGraph = (definition: unknown): WorkflowGraph => {
  const machine = machineSchema.parse(definition);
  const edges = edgesOf(machine);
  const names = statesOf(machine);
  const lanes = longest(names, edges, ({ isCatch }) => (isCatch ? 1 : 0));
  const layers = longest(names, edges, ({ from, to }) => (lanes.get(from) === lanes.get(to) ? 1 : 0));
  const nodes = names.map((name) => ({
    name,
    isEnd: !edges.some(({ from }) => from === name),
    layer: layers.get(name) ?? 0,
    lane: lanes.get(name) ?? 0,
  }));
  return { nodes, edges };
};

/** The longest path to each state, by the given edge lengths; workflows have no cycles. */
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
