import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ShardCluster } from './shard-cluster.ts';
import { ShardVpc } from './shard-vpc.ts';

export interface ShardsProps extends StackProps {
  sharedShards: number;
  spareShards: number;
}

/** The database shards: shared ones for pool and bridge tenants, spare dedicated ones for silo tenants. */
export class ShardsStack extends Stack {
  readonly network: ShardVpc;
  readonly shards: readonly ShardCluster[];

  constructor(scope: Construct, id: string, { sharedShards, spareShards, ...props }: ShardsProps) {
    super(scope, id, props);
    this.network = new ShardVpc(this, 'Network');
    this.shards = [...numbered('shared', sharedShards), ...numbered('spare', spareShards)].map(
      (shardId) => new ShardCluster(this, shardId, this.network),
    );
  }
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
