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

/** VPC endpoints by the access of the functions inside, so that unused services cost nothing. */
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

/** A VPC without internet access: isolated subnets in two availability zones, and endpoints for the services in use. */
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
      // Nothing uses the default group; restricting it would need a function with rights on security groups.
      restrictDefaultSecurityGroup: false,
    });
    // Under exactOptionalPropertyTypes the CDK's classes do not satisfy their own interfaces.
    this.vpc = vpc as IVpc;
    this.functions = this.addGroup('Functions', 'Functions that connect to Postgres');
    this.clusters = this.addGroup('Clusters', 'Database shards');
    this.clusters.addIngressRule(this.functions, Port.POSTGRES, 'Postgres from the functions');
    this.functions.addEgressRule(this.clusters, Port.POSTGRES, 'Postgres to the shards');
    // The VPC only has routes to its endpoints, and DynamoDB's addresses are only known as a prefix list.
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
