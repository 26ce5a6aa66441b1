import type { Node } from 'constructs';

/** The existing network for functions that connect to Postgres, with `shards=none`. */
export interface ExistingNetwork {
  vpcId: string;
  subnetIds: readonly string[];
  securityGroupId: string;
}

/** The settings of a deployment: CDK context values (`-c name=value`). */
export interface Settings {
  /** `aurora` creates a VPC and clusters; `none` leaves Postgres to the operator. */
  shards: 'aurora' | 'none';
  sharedShards: number;
  /** The number of spare dedicated clusters, which allow onboarding a silo tenant in seconds. */
  spareShards: number;
  /** Only with `shards=none`; without it the functions run outside any VPC. */
  network?: ExistingNetwork;
  alarmEmail?: string;
  /** The console's domain name and certificate; without it CloudFront's domain name is used. */
  consoleDomain?: { name: string; certificateArn: string };
  /** `cognito` creates a user pool; `oidc` uses an existing issuer. */
  identity: 'cognito' | 'oidc';
  /** ARNs of the application plane's roles that may assume the tenants' role. */
  applicationRoles: readonly string[];
  /** `own` creates a trail of management events; `existing` relies on the account's trail in this region. */
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
    throw new Error('Set all of the context values "vpc", "subnets" and "securityGroup", or none of them');
  }
  return undefined;
};

const consoleDomain = (node: Node): Settings['consoleDomain'] => {
  const name = text(node, 'consoleDomain');
  const certificateArn = text(node, 'consoleCertificate');
  if (name && certificateArn) return { name, certificateArn };
  if (name ?? certificateArn) {
    throw new Error('Set both context values "consoleDomain" and "consoleCertificate", or none of them');
  }
  return undefined;
};

/** Reads the settings from the context. Throws an error that names the value if one is invalid. */
export const readSettings = (node: Node): Settings => {
  const shards = text(node, 'shards') ?? 'aurora';
  if (shards !== 'aurora' && shards !== 'none') throw new Error('Context value "shards" must be aurora or none');
  const identity = text(node, 'identity') ?? 'cognito';
  if (identity !== 'cognito' && identity !== 'oidc')
    throw new Error('Context value "identity" must be cognito or oidc');
  const network = existingNetwork(node);
  if (network && shards === 'aurora') {
    throw new Error('Context values "vpc", "subnets" and "securityGroup" require shards=none');
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
