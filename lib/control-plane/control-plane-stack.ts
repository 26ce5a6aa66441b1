import { CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { config } from '#config';
import { environment, type TableName, type WorkflowName, workflowNames } from '#core/contract/platform/names.ts';
import { type FunctionName, functionNames, functionSpecs } from '#functions/manifest.ts';
import type { Bundle } from '#lib/bundles.ts';
import type { ExistingNetwork, Settings } from '#lib/settings.ts';
import { existingNetwork, type ShardNetwork } from '#lib/shards/network.ts';
import { DeadLetters } from './dead-letters.ts';
import { ControlPlaneApi } from './http-api.ts';
import { ManifestFunction } from './manifest-function.ts';
import { SignIn } from './sign-in.ts';
import { StreamTickets } from './stream-tickets.ts';
import { TenantRole } from './tenant-role.ts';
import { addTrigger } from './triggers.ts';
import { Workflow } from './workflow.ts';

export interface ControlPlaneProps extends StackProps {
  bundles: Readonly<Record<FunctionName, Bundle>>;
  bus: IEventBus;
  streamArns: Readonly<Partial<Record<TableName, string | undefined>>>;
  network?: ShardNetwork;
  /** An existing network, used instead of `network`. */
  existingNetwork?: ExistingNetwork;
  /** ARNs of the application plane's roles that may assume the tenants' role. */
  applicationRoles?: readonly string[];
  identity: Settings['identity'];
}

/** Everything that runs: the functions of the manifest, their triggers, the workflows and the API. */
export class ControlPlaneStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, ManifestFunction>>;
  readonly workflows: Readonly<Record<WorkflowName, Workflow>>;
  readonly deadLetters: DeadLetters;
  readonly streamTickets: StreamTickets;
  readonly tenantRole: TenantRole;
  /** Absent if an external OpenID Connect issuer is used. */
  readonly signIn: SignIn | undefined;
  readonly api: ControlPlaneApi;
  readonly apiUrl: CfnOutput;
  private readonly streamUrls = new Map<FunctionName, string>();

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id, props);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.streamTickets = new StreamTickets(this, 'StreamTickets');
    if (props.identity === 'cognito') this.signIn = new SignIn(this, 'SignIn', { webOrigins: config.webOrigins });
    const network = props.network ?? (props.existingNetwork && existingNetwork(this, props.existingNetwork));
    this.functions = byName(functionNames, (name) => this.addFunction(name, props, network));
    this.tenantRole = this.addTenantRole(props.applicationRoles ?? []);
    this.signIn?.askForClaims(this.functions['issue-claims']);
    this.announceStreams();
    this.workflows = byName(workflowNames, (name) => this.addWorkflow(name));
    this.api = this.addApi();
    this.apiUrl = new CfnOutput(this, 'ApiUrl', {
      value: this.api.api.apiEndpoint,
      description: 'TENANTRY_URL of the command line',
    });
  }

  private addFunction(name: FunctionName, props: ControlPlaneProps, network: ShardNetwork | undefined) {
    const { bundles, bus, streamArns } = props;
    const { trigger } = functionSpecs[name];
    const deadLetters = this.deadLetters.queue;
    const streamArn = trigger.kind === 'stream' ? streamArns[trigger.table] : undefined;
    const target = new ManifestFunction(this, name, {
      bundle: bundles[name],
      deadLetters,
      ...(network && { network }),
      ...(streamArn && { streamArn }),
      ...(this.signIn && { userPool: this.signIn.pool }),
    });
    const made = addTrigger(target, trigger, { bus, deadLetters, streamArn });
    if (made instanceof FunctionUrl) this.streamUrls.set(name, made.url);
    return target;
  }

  /** Sets the stream's URL in the environment of the functions that announce it. */
  private announceStreams() {
    for (const name of functionNames) {
      const { announces } = functionSpecs[name];
      const url = announces && this.streamUrls.get(announces);
      if (url) this.functions[name].lambda.addEnvironment(environment.flagEventsUrl, url);
    }
  }

  private addTenantRole(applicationRoles: readonly string[]) {
    const serving = functionNames.filter((name) => functionSpecs[name].access.tenantScope === 'assume');
    return new TenantRole(this, 'TenantRole', {
      assumedBy: [
        ...serving.map((name) => new ArnPrincipal(this.functions[name].roleArn)),
        ...applicationRoles.map((roleArn) => new ArnPrincipal(roleArn)),
      ],
    });
  }

  private addWorkflow(name: WorkflowName) {
    const tasks = functionNames.flatMap((task) => {
      const { trigger } = functionSpecs[task];
      return trigger.kind === 'task' && trigger.workflows.includes(name)
        ? [[task, this.functions[task].lambda] as const]
        : [];
    });
    return new Workflow(this, name, { tasks: Object.fromEntries(tasks) });
  }

  private addApi() {
    const handlers = functionNames.flatMap((name) => {
      const { trigger } = functionSpecs[name];
      return trigger.kind === 'http' ? [{ target: this.functions[name], operations: trigger.operations }] : [];
    });
    return new ControlPlaneApi(this, 'Http', {
      ...this.issuer(),
      webOrigins: config.webOrigins,
      handlers,
    });
  }

  /** The accepted issuer: the user pool, or the one given by stack parameters. */
  private issuer() {
    if (this.signIn) return { issuer: this.signIn.issuer, audience: this.signIn.audience };
    const issuer = new CfnParameter(this, 'JwtIssuer', {
      description: 'OpenID Connect issuer of the tokens, as in the iss claim',
      allowedPattern: 'https://.+',
    });
    const audience = new CfnParameter(this, 'JwtAudience', {
      description: 'Audience of the tokens, as in the aud (or client_id) claim',
      minLength: 1,
    });
    return { issuer: issuer.valueAsString, audience: [audience.valueAsString] };
  }
}

const byName = <Name extends string, T>(names: readonly Name[], make: (name: Name) => T) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;
