import type { Node } from 'constructs';

/** Where the functions that talk to Postgres run when the clusters are brought along. */
export interface ExistingNetwork {
  vpcId: string;
  subnetIds: readonly string[];
  securityGroupId: string;
}

/** The choices of a deployment: context values of the CDK command line (`-c name=value`). */
export interface Settings {
  /** `aurora` makes a VPC and clusters; `none` leaves Postgres to the operator. */
  shards: 'aurora' | 'none';
  sharedShards: number;
  /** Dedicated clusters kept ready, so that a tenant with a cluster of its own is onboarded in seconds. */
  spareShards: number;
  /** Only with `shards` none; without it the functions run outside any VPC. */
  network?: ExistingNetwork;
  alarmEmail?: string;
  /** The console's own name, and a certificate for it; without it CloudFront's name is used. */
  consoleDomain?: { name: string; certificateArn: string };
  /** `cognito` makes a user pool; `oidc` takes the tokens of an issuer that is there. */
  identity: 'cognito' | 'oidc';
  /** ARNs of the application plane's roles that may assume the tenants' role. */
  applicationRoles: readonly string[];
  /** `own` makes a trail of management events; `existing` relies on one that the account has in this region. */
  trail: 'own' | 'existing';
}

const text = (node: Node, name: string): string | undefined => {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Error(`Context value "${name}" must be text, as in -c ${name}=…`);
};

const count = (node: Node, name: string, otherwise: number): number => {
  const value = Number(text(node, name) ?? otherwise);
  if (Number.isInteger(value) && value >= 0 && value <= 100) return value;
  throw new Error(`Context value "${name}" must be a whole number from 0 to 100`);
};

const existingNetwork = (node: Node): ExistingNetwork | undefined => {
  const vpcId = text(node, 'vpc');
  const subnetIds = text(node, 'subnets')?.split(',');
  const securityGroupId = text(node, 'securityGroup');
  if (vpcId && subnetIds && securityGroupId) return { vpcId, subnetIds, securityGroupId };
  if (vpcId ?? subnetIds ?? securityGroupId) {
    throw new Error('Context values "vpc", "subnets" and "securityGroup" belong together: give all three or none');
  }
  return undefined;
};

const consoleDomain = (node: Node): Settings['consoleDomain'] => {
  const name = text(node, 'consoleDomain');
  const certificateArn = text(node, 'consoleCertificate');
  if (name && certificateArn) return { name, certificateArn };
  if (name ?? certificateArn) {
    throw new Error('Context values "consoleDomain" and "consoleCertificate" belong together: give both or none');
  }
  return undefined;
};

/** Reads the settings from the context; throws, naming the value, when one makes no sense. */
export const readSettings = (node: Node): Settings => {
  const shards = text(node, 'shards') ?? 'aurora';
  if (shards !== 'aurora' && shards !== 'none') throw new Error('Context value "shards" must be aurora or none');
  const identity = text(node, 'identity') ?? 'cognito';
  if (identity !== 'cognito' && identity !== 'oidc')
    throw new Error('Context value "identity" must be cognito or oidc');
  const network = existingNetwork(node);
  if (network && shards === 'aurora') {
    throw new Error('Context values "vpc", "subnets" and "securityGroup" need shards=none');
  }
  const trail = text(node, 'trail') ?? 'own';
  if (trail !== 'own' && trail !== 'existing') throw new Error('Context value "trail" must be own or existing');
  const alarmEmail = text(node, 'alarmEmail');
  const domain = consoleDomain(node);
  return {
    shards,
    identity,
    sharedShards: count(node, 'sharedShards', 1),
    spareShards: count(node, 'spareShards', 1),
    applicationRoles: text(node, 'applicationRoles')?.split(',') ?? [],
    trail,
    ...(network && { network }),
    ...(alarmEmail && { alarmEmail }),
    ...(domain && { consoleDomain: domain }),
  };
};
