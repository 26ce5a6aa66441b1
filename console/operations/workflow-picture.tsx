import './workflow-picture.css';
import { betweenText } from '#console/shared/duration.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { workflowOf } from '#core/operation/kinds.ts';
import { isTaken, type StateStatus, stateStatuses, stepOf } from './operation-states.ts';
import { useWidth } from './use-width.ts';
import { type WorkflowEdge, type WorkflowGraph, type WorkflowNode, workflowGraph } from './workflow.ts';

/** The definition of every workflow; a new kind of operation needs no line here. */
const definitions = import.meta.glob<unknown>('#workflows/*.asl.json', { eager: true, import: 'default' });
const graphs = new Map(
  Object.entries(definitions).map(([path, definition]) => [
    path.replace(/^.*\/|\.asl\.json$/g, ''),
    workflowGraph(definition),
  ]),
);

const box = { width: 132, height: 54 };
/** The distances between states and between lanes, in px. */
const pitch = { across: { layer: 148, lane: 92 }, down: { layer: 78, lane: 160 } };
/** The minimum width, in px, for a horizontal layout to be readable. */
const enoughForARow = 800;

const signs: Readonly<Record<StateStatus, string>> = {
  pending: '○',
  running: '◔',
  succeeded: '✓',
  failed: '✕',
  undone: '↩',
  skipped: '–',
};

/** The operation's workflow, drawn from its definition, with the status of each state. */
export const WorkflowPicture = ({ operation }: { operation: Operation }) => {
  const graph = graphs.get(workflowOf(operation.kind));
  return graph && <Picture graph={graph} operation={operation} />;
};

const Picture = ({ graph, operation }: { graph: WorkflowGraph; operation: Operation }) => {
  const [frame, width] = useWidth();
  const isRow = width === undefined || width >= enoughForARow;
  const at = ({ layer, lane }: WorkflowNode) =>
    isRow
      ? { x: layer * pitch.across.layer, y: lane * pitch.across.lane }
      : { x: lane * pitch.down.lane, y: layer * pitch.down.layer };
  const places = new Map(graph.nodes.map((node) => [node.name, at(node)]));
  const right = Math.max(...[...places.values()].map(({ x }) => x)) + box.width;
  const bottom = Math.max(...[...places.values()].map(({ y }) => y)) + box.height;
  const statuses = stateStatuses(graph, operation);

  return (
    <div ref={frame} className="workflow">
      <svg
        viewBox={`-2 -2 ${right + 4} ${bottom + 4}`}
        style={{ maxInlineSize: right + 4 }}
        role="img"
        aria-label={`Workflow of the operation, status ${operation.status}; the table below lists each step`}
      >
        {graph.edges.map((edge) => (
          <Edge
            key={`${edge.from} ${edge.to}`}
            edge={edge}
            places={places}
            isRow={isRow}
            taken={isTaken(edge, statuses)}
          />
        ))}
        {graph.nodes.map((node) => (
          <State
            key={node.name}
            node={node}
            place={places.get(node.name) ?? { x: 0, y: 0 }}
            status={statuses.get(node.name) ?? 'pending'}
            operation={operation}
          />
        ))}
      </svg>
    </div>
  );
};

interface Place {
  x: number;
  y: number;
}

interface EdgeProps {
  edge: WorkflowEdge;
  places: ReadonlyMap<string, Place>;
  isRow: boolean;
  taken: boolean;
}

const Edge = ({ edge, places, isRow, taken }: EdgeProps) => {
  const from = places.get(edge.from);
  const to = places.get(edge.to);
  if (!from || !to) return null;
  return (
    <path
      className={`workflow-edge ${edge.isCatch ? 'workflow-catch' : ''} ${taken ? 'workflow-taken' : ''}`}
      d={edge.isCatch === isRow ? downwards(from, to, isRow) : alongside(from, to, isRow)}
    />
  );
};

/** The path from the bottom of one state to the top of another. */
const downwards = (from: Place, to: Place, isRow: boolean) => {
  const start = { x: from.x + box.width / 2, y: from.y + box.height };
  const end = { x: to.x + box.width / 2, y: to.y };
  const half = isRow ? start.y + 16 : (start.y + end.y) / 2;
  return `M ${start.x} ${start.y} V ${half} H ${end.x} V ${end.y}`;
};

/** The path from the right of one state to the left of another. */
const alongside = (from: Place, to: Place, isRow: boolean) => {
  const start = { x: from.x + box.width, y: from.y + box.height / 2 };
  const end = { x: to.x, y: to.y + box.height / 2 };
  const half = isRow ? (start.x + end.x) / 2 : start.x + 12;
  return `M ${start.x} ${start.y} H ${half} V ${end.y} H ${end.x}`;
};

interface StateProps {
  node: WorkflowNode;
  place: Place;
  status: StateStatus;
  operation: Operation;
}

const State = ({ node: { name, isEnd, repeats }, place, status, operation }: StateProps) => {
  const step = stepOf(operation, name);
  const took = betweenText(step?.startedAt, step?.endedAt);
  const tries = step && step.attempts > 1 ? `${step.attempts} attempts` : undefined;
  return (
    <g
      className={`workflow-state workflow-${status}`}
      transform={`translate(${place.x} ${place.y})`}
      data-state={name}
      data-status={status}
    >
      <rect width={box.width} height={box.height} rx={isEnd ? box.height / 2 : 8} />
      <text x={14} y={23} className="workflow-sign">
        {signs[status]}
      </text>
      <text x={32} y={23} className="workflow-name">
        {name}
      </text>
      {repeats && (
        <text x={box.width - 14} y={41} className="workflow-sign">
          ↻<title>Runs again until its work is done</title>
        </text>
      )}
      <text x={32} y={41} className="workflow-detail">
        {[took ?? status, tries].filter(Boolean).join(' · ')}
      </text>
    </g>
  );
};
