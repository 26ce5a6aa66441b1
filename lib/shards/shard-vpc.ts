import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Access } from '#core/contract/platform/access.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import type { ShardNetwork } from './network.ts';

const subnets = { subnetType: SubnetType.PRIVATE_ISOLATED } as const;

/** Endpoints by what the functions inside may touch: a service none of them uses costs nothing. */
const gatewayEndpoints: Readonly<Partial<Record<keyof Access, GatewayVpcEndpointAwsService>>> = {
  tables: GatewayVpcEndpointAwsService.DYNAMODB,
  archive: GatewayVpcEndpointAwsService.S3,
};
const interfaceEndpoints: Readonly<Partial<Record<keyof Access, InterfaceVpcEndpointAwsService>>> = {
  secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  executions: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  bus: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  deadLetters: InterfaceVpcEndpointAwsService.SQS,
  tenantScope: InterfaceVpcEndpointAwsService.STS,
  identities: InterfaceVpcEndpointAwsService.COGNITO_IDP,
};

const usedInside = new Set(
  functionNames
    .map((name) => functionSpecs[name])
    .filter(({ network }) => network === 'shards')
    .flatMap(({ access }) => Object.keys(access)),
);

const used = <T>(endpoints: Readonly<Partial<Record<string, T>>>): [string, T][] =>
  Object.entries(endpoints).flatMap(([key, service]) => (service && usedInside.has(key) ? [[key, service]] : []));

/** A VPC without any way to or from the internet: two zones of isolated subnets, and endpoints for what is used. */
export class ShardVpc extends Construct implements ShardNetwork {
  readonly vpc: IVpc;
  readonly subnets = subnets;
  readonly functions: SecurityGroup;
  readonly clusters: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'shards', cidrMask: 24, ...subnets }],
      // The default group is used by nothing; closing it would take a function with rights on the account's groups.
      restrictDefaultSecurityGroup: false,
    });
    // The CDK's classes miss their own interfaces by an `undefined` under exactOptionalPropertyTypes.
    this.vpc = vpc as IVpc;
    this.functions = this.addGroup('Functions', 'Functions that talk to Postgres');
    this.clusters = this.addGroup('Clusters', 'Database shards');
    this.clusters.addIngressRule(this.functions, Port.POSTGRES, 'Postgres from the functions');
    this.functions.addEgressRule(this.clusters, Port.POSTGRES, 'Postgres to the shards');
    // The VPC has no route but to its endpoints, and DynamoDB's addresses are known by a list of the region only.
    this.functions.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS services through the endpoints');
    this.addEndpoints();
    this.addFlowLog();
  }

  private addGroup(name: string, description: string) {
    return new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  private addEndpoints() {
    for (const [name, service] of used(gatewayEndpoints)) {
      this.vpc.addGatewayEndpoint(`${name}-gateway`, { service, subnets: [subnets] });
    }
    const group = this.addGroup('Endpoints', 'Endpoints of AWS services');
    group.addIngressRule(this.functions, Port.HTTPS, 'HTTPS from the functions');
    for (const [name, service] of used(interfaceEndpoints)) {
      this.vpc.addInterfaceEndpoint(`${name}-endpoint`, { service, subnets, securityGroups: [group], open: false });
    }
  }

  private addFlowLog() {
    const logs = new LogGroup(this, 'FlowLogs', {
      logGroupName: '/tenantry/shards/flow-logs',
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('Rejected', {
      destination: FlowLogDestination.toCloudWatchLogs(logs),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}
