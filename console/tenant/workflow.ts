import { type Machine, machineSchema } from '#core/contract/platform/state-machine.ts';

export interface WorkflowNode {
  name: string;
  isEnd: boolean;
  /** Steps to it from the start, along the longest way. */
  layer: number;
  /** 0 for what happens when all goes well; each failure on the way to it is one lane further. */
  lane: number;
}

export interface WorkflowEdge {
  from: string;
  to: string;
  /** Taken when `from` fails. */
  isCatch: boolean;
}

export interface WorkflowGraph {
  nodes: readonly WorkflowNode[];
  edges: readonly WorkflowEdge[];
}

/** Where a state begins and ends: a Parallel of one branch is the states of that branch. */
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

/** A workflow's own states, laid out: across by what comes after what, down by what failed before. */
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

/** The longest way to each state, where an edge is as long as it is said to be; a workflow has no circles. */
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
