import { type Machine, machineSchema, type State } from '#core/contract/platform/state-machine.ts';
import { workflows } from '#workflows/workflows.ts';

const shapes: Readonly<Record<string, (name: string) => string>> = {
  Succeed: (name) => `${name}([${name}])`,
  Fail: (name) => `${name}([${name}])`,
  Task: (name) => `${name}[${name}]`,
};

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function drawState([name, { Type, Next, Catch = [], Branches = [] }]: [string, State]): string[] {
  const drawn =
    Branches.length > 0
      ? [`subgraph ${name}`, '  direction LR', ...indent(Branches.flatMap(drawMachine)), 'end']
      : [shapes[Type]?.(name) ?? name];
  const onward = Next ? [`${name} --> ${Next}`] : [];
  return [...drawn, ...onward, ...Catch.map((caught) => `${name} -. fails .-> ${caught.Next}`)];
}

const drawMachine = ({ States }: Machine): string[] => Object.entries(States).flatMap(drawState);

/** The onboarding workflow as a Mermaid flowchart, drawn from its definition. */
export const onboardingPicture = () => {
  const machine = machineSchema.parse(workflows['onboard-tenant']);
  const request = `request(["an event on the bus,<br/>POST /v1/tenants or<br/>tenantry onboard"])`;
  return [
    '```mermaid',
    'flowchart TB',
    ...indent([request, `request --> ${machine.StartAt}`, ...drawMachine(machine)]),
    '```',
  ].join('\n');
};
