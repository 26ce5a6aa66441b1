import { randomUUID } from 'node:crypto';
import { AwsError, type AwsService, unknownOperation } from '#local/aws/endpoint/service.ts';
import type { Invoke } from '#local/aws/lambda/runtime.ts';
import type { VirtualClock } from '#local/clock.ts';
import type { State } from '#local/state.ts';
import { type Arns, arnsIn } from './arns.ts';
import { type Execution, Executions } from './executions.ts';
import { Executor } from './executor.ts';
import { Machine } from './machine.ts';
import { pageOf } from './page.ts';
import { deployed, readDefinition } from './read-definition.ts';
import { checkInput, checkName, requestOf, requestSchemas, type StatesRequest } from './requests.ts';
import { type ExecutionStatusChange, statusChangeOf } from './status-change.ts';

export interface StatesOptions {
  region: string;
  /** Name → content of its file, which is valid Amazon States Language. */
  workflows: Readonly<Record<string, unknown>>;
  /** Names of the functions that a Task may call. */
  functions: ReadonlySet<string>;
  invoke: Invoke;
  clock: VirtualClock;
  state: State;
  /** Each start and each end of an execution, for the default event bus; an end may be told twice after a crash. */
  onStatusChange: (change: ExecutionStatusChange) => void | Promise<void>;
  /** Told of what went wrong in the local run itself. */
  report: (error: unknown) => void;
  /** Most executions under way at once: more would only make each of them slower on one machine. */
  maxRunning?: number;
}

const seconds = (ms: number) => ms / 1000;
const included = { included: true };

/** Step Functions on this machine: the operations the product uses, and every other refused. */
export class States implements AwsService {
  readonly #options: StatesOptions;
  readonly #arns: Arns;
  readonly #executions: Executions;
  readonly #executor: Executor;
  readonly #createdAt: number;

  private constructor(options: StatesOptions, executions: Executions) {
    const { workflows, functions, region, clock, maxRunning = 16, report } = options;
    this.#options = options;
    this.#executions = executions;
    this.#createdAt = clock.now();
    const arns = arnsIn(region);
    this.#arns = arns;
    const machineOf = (workflow: string, json: unknown) => {
      const definition = readDefinition(workflow, json, functions);
      return new Machine({ workflow, definition, invoke: options.invoke, clock, arns });
    };
    const machines = new Map(Object.entries(workflows).map(([name, json]) => [name, machineOf(name, json)]));
    const announce = async (execution: Execution) => options.onStatusChange(statusChangeOf(execution, arns));
    this.#executor = new Executor({ machines, executions, clock, maxRunning, report, announce });
  }

  /** Opens what is kept; throws when a workflow cannot run here. Nothing runs before `resume`. */
  static async open(options: StatesOptions): Promise<States> {
    return new States(options, await Executions.open(options.state, options.clock));
  }

  /** Takes up the executions that a former process left running. */
  resume(): void {
    this.#executor.resume();
  }

  async call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    switch (operation) {
      case 'StartExecution':
        return this.#startExecution(requestOf(requestSchemas[operation], input));
      case 'StopExecution':
        return this.#stopExecution(requestOf(requestSchemas[operation], input));
      case 'DescribeExecution':
        return this.#describeExecution(requestOf(requestSchemas[operation], input));
      case 'GetExecutionHistory':
        return this.#getExecutionHistory(requestOf(requestSchemas[operation], input));
      case 'ListExecutions':
        return this.#listExecutions(requestOf(requestSchemas[operation], input));
      case 'DescribeStateMachine':
        return this.#describeStateMachine(requestOf(requestSchemas[operation], input));
      case 'ListStateMachines':
        return this.#listStateMachines(requestOf(requestSchemas[operation], input));
      default:
        throw unknownOperation(operation);
    }
  }

  async close(): Promise<void> {
    this.#executor.close();
  }

  async #startExecution({ stateMachineArn, name = randomUUID(), input }: StatesRequest<'StartExecution'>) {
    const workflow = this.#workflowOf(stateMachineArn);
    checkName(name);
    checkInput(input);
    const arn = this.#arns.execution(workflow, name);
    const former = this.#executions.get(arn);
    if (former && (former.status !== 'RUNNING' || former.input !== input)) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution = former ?? { arn, workflow, name, input, status: 'RUNNING', startDate: this.#options.clock.now() };
    // A repeat keeps it once more, so that it too answers only when the execution is kept.
    if (former) await this.#executions.put(former);
    else await this.#executor.start(execution);
    return { executionArn: arn, startDate: seconds(execution.startDate) };
  }

  async #stopExecution({ executionArn, error, cause }: StatesRequest<'StopExecution'>) {
    const execution = this.#executionOf(executionArn);
    await this.#executor.stop(execution, {
      status: 'ABORTED',
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    });
    return { stopDate: seconds(this.#executionOf(executionArn).stopDate ?? this.#options.clock.now()) };
  }

  #describeExecution({ executionArn }: StatesRequest<'DescribeExecution'>) {
    const execution = this.#executionOf(executionArn);
    const { input, output, error, cause } = execution;
    return {
      ...this.#listed(execution),
      input,
      inputDetails: included,
      ...(output !== undefined && { output, outputDetails: included }),
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    };
  }

  #getExecutionHistory({ executionArn, reverseOrder, ...paging }: StatesRequest<'GetExecutionHistory'>) {
    this.#executionOf(executionArn);
    const events = this.#executor.historyOf(executionArn);
    const { page, ...next } = pageOf(reverseOrder ? events.toReversed() : events, paging, ({ id }) => String(id));
    return { events: page, ...next };
  }

  #listExecutions({ stateMachineArn, statusFilter, ...paging }: StatesRequest<'ListExecutions'>) {
    const workflow = this.#workflowOf(stateMachineArn);
    const found = this.#executions
      .list()
      .filter((one) => one.workflow === workflow && (statusFilter === undefined || one.status === statusFilter))
      .toReversed();
    const { page, ...next } = pageOf(found, paging, ({ arn }) => arn);
    return { executions: page.map((execution) => this.#listed(execution)), ...next };
  }

  #describeStateMachine({ stateMachineArn }: StatesRequest<'DescribeStateMachine'>) {
    const workflow = this.#workflowOf(stateMachineArn);
    const definition = deployed(this.#options.workflows[workflow], this.#arns.function);
    return {
      ...this.#machine(workflow),
      status: 'ACTIVE',
      definition: JSON.stringify(definition),
      roleArn: this.#arns.role(workflow),
    };
  }

  #listStateMachines(paging: StatesRequest<'ListStateMachines'>) {
    const names = Object.keys(this.#options.workflows).toSorted();
    const { page, ...next } = pageOf(names, paging, (name) => name);
    return { stateMachines: page.map((name) => this.#machine(name)), ...next };
  }

  #machine(workflow: string) {
    return {
      stateMachineArn: this.#arns.stateMachine(workflow),
      name: workflow,
      type: 'STANDARD',
      creationDate: seconds(this.#createdAt),
    };
  }

  #listed({ arn, workflow, name, status, startDate, stopDate }: Execution) {
    return {
      executionArn: arn,
      stateMachineArn: this.#arns.stateMachine(workflow),
      name,
      status,
      startDate: seconds(startDate),
      ...(stopDate !== undefined && { stopDate: seconds(stopDate) }),
      redriveCount: 0,
    };
  }

  #workflowOf(arn: string): string {
    const workflow = Object.keys(this.#options.workflows).find((name) => this.#arns.stateMachine(name) === arn);
    if (workflow === undefined)
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return workflow;
  }

  #executionOf(arn: string): Execution {
    const execution = this.#executions.get(arn);
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }
}
