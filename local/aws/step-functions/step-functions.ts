import { randomUUID } from 'node:crypto';
import { arnOf } from '#local/aws/endpoint/names.ts';
import { operation, serviceOf } from '#local/aws/endpoint/operations.ts';
import { AwsError, type AwsService } from '#local/aws/endpoint/service.ts';
import { described, type ExecutionStatusChange, listed, pageOf, stateMachineArn, statusChangeOf } from './answers.ts';
import { readDefinition } from './definition.ts';
import { type Execution, Executions, type ExecutionsOptions } from './executions.ts';
import { checkInput, checkName, type Request, requests } from './requests.ts';

export interface StepFunctionsOptions extends Pick<ExecutionsOptions, 'invoke' | 'clock' | 'state' | 'report'> {
  /** Name → definition in the Amazon States Language. */
  workflows: Readonly<Record<string, unknown>>;
  /** Names of the functions that a Task may call. */
  functions: ReadonlySet<string>;
  /** Called at each start and each end of an execution, for the default event bus; after a crash perhaps twice. */
  onStatusChange: (change: ExecutionStatusChange) => void | Promise<void>;
  /** Most executions under way at once: more would only make each of them slower on one machine. */
  maxRunning?: number;
}

/** Step Functions on this machine: the operations that the product and its documentation use, and no other. */
export class StepFunctions implements AwsService {
  readonly #options: StepFunctionsOptions;
  readonly #executions: Executions;

  private constructor(options: StepFunctionsOptions, executions: Executions) {
    this.#options = options;
    this.#executions = executions;
  }

  /** Throws when a workflow cannot run here. Nothing runs before `resume`. */
  static async open(options: StepFunctionsOptions): Promise<StepFunctions> {
    const { workflows, functions, onStatusChange, maxRunning = 16 } = options;
    const definitions = new Map(
      Object.entries(workflows).map(([name, definition]) => [name, readDefinition(name, definition, functions)]),
    );
    const announce = async (execution: Execution) => onStatusChange(statusChangeOf(execution));
    return new StepFunctions(options, await Executions.open({ ...options, definitions, maxRunning, announce }));
  }

  /** Resumes the executions that a former process left running. */
  resume(): void {
    this.#executions.resume();
  }

  readonly #service = serviceOf({
    StartExecution: operation(requests.StartExecution, (input) => this.#startExecution(input)),
    StopExecution: operation(requests.StopExecution, (input) => this.#stopExecution(input)),
    DescribeExecution: operation(requests.DescribeExecution, (input) =>
      described(this.#executionOf(input.executionArn)),
    ),
    GetExecutionHistory: operation(requests.GetExecutionHistory, (input) => this.#getExecutionHistory(input)),
    ListExecutions: operation(requests.ListExecutions, (input) => this.#listExecutions(input)),
  });

  call(name: string, input: Record<string, unknown>) {
    return this.#service.call(name, input);
  }

  async close(): Promise<void> {
    this.#executions.close();
  }

  async #startExecution({ name = randomUUID(), input, ...machine }: Request<'StartExecution'>) {
    const workflow = this.#workflowOf(machine.stateMachineArn);
    checkName(name);
    checkInput(input);
    const arn = arnOf('states', `execution:${workflow}:${name}`);
    const former = this.#executions.get(arn);
    if (former && (former.status !== 'RUNNING' || former.input !== input))
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    const startDate = this.#options.clock.now();
    const execution = former ?? { arn, workflow, name, input, status: 'RUNNING', startDate };
    await this.#executions.start(execution);
    return { executionArn: arn, startDate: execution.startDate / 1000 };
  }

  async #stopExecution({ executionArn: arn, ...reason }: Request<'StopExecution'>) {
    this.#executionOf(arn);
    await this.#executions.stop(arn, { status: 'ABORTED', ...reason });
    const { stopDate = this.#options.clock.now() } = this.#executionOf(arn);
    return { stopDate: stopDate / 1000 };
  }

  #getExecutionHistory({ executionArn: arn, reverseOrder, ...paging }: Request<'GetExecutionHistory'>) {
    this.#executionOf(arn);
    const events = this.#executions.historyOf(arn);
    const { page, ...next } = pageOf(reverseOrder ? events.toReversed() : events, paging, ({ id }) => String(id));
    return { events: page, ...next };
  }

  #listExecutions({ statusFilter, ...request }: Request<'ListExecutions'>) {
    const workflow = this.#workflowOf(request.stateMachineArn);
    const found = this.#executions
      .list()
      .filter((one) => one.workflow === workflow && (statusFilter === undefined || one.status === statusFilter));
    const { page, ...next } = pageOf(found.toReversed(), request, ({ arn }) => arn);
    return { executions: page.map(listed), ...next };
  }

  #workflowOf(arn: string): string {
    const workflow = Object.keys(this.#options.workflows).find((name) => stateMachineArn(name) === arn);
    if (workflow !== undefined) return workflow;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  #executionOf(arn: string): Execution {
    const execution = this.#executions.get(arn);
    if (execution) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }
}
