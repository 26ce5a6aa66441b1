import { CfnOutput, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseSecret,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { shardSecretName } from '#core/contract/platform/names.ts';
import type { ShardVpc } from './shard-vpc.ts';

const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_18_3 });
const database = 'app';

/** What keeps tenants apart in one cluster, as far as it is the server's to say. */
export const serverParameters = {
  // There is no pg_hba.conf to say it in.
  'rds.force_ssl': '1',
  // A tenant may then not replace its own password, which Secrets Manager would no longer know.
  'rds.restrict_password_commands': '1',
  password_encryption: 'scram-sha-256',
  // A prepared transaction outlives its session, and so a tenant's removal.
  max_prepared_transactions: '0',
  log_lock_waits: '1',
  // Kilobytes: the size of one session's temporary files, which the admin's login may not limit for each role.
  temp_file_limit: '1048576',
} as const;

/** One database shard: Aurora Serverless v2 that pauses when unused, with its admin login in Secrets Manager. */
export class ShardCluster extends Construct {
  readonly cluster: DatabaseCluster;
  readonly logGroup: LogGroup;
  readonly endpoint: CfnOutput;

  constructor(scope: Construct, shardId: string, { vpc, subnets, clusters }: ShardVpc) {
    super(scope, shardId);
    const clusterIdentifier = `tenantry-${shardId}`;
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const admin = new DatabaseSecret(this, 'Admin', {
      username: 'postgres',
      secretName: shardSecretName(shardId, 'admin'),
      // What a connection string would have to escape.
      excludeCharacters: ' %+~`#$&*()|[]{}:;<>?!\'/@"\\',
    });
    Validations.of(admin).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotating needs a function inside the VPC and an outage of open sessions; docs/aws.md says how to do it by hand.',
    });
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      engine,
      clusterIdentifier,
      credentials: Credentials.fromSecret(admin as ISecret),
      defaultDatabaseName: database,
      writer: ClusterInstance.serverlessV2('writer', { autoMinorVersionUpgrade: true }),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 8,
      serverlessV2AutoPauseDuration: Duration.minutes(5),
      vpc,
      vpcSubnets: subnets,
      securityGroups: [clusters],
      parameterGroup: new ParameterGroup(this, 'Parameters', { engine, parameters: serverParameters }),
      storageEncrypted: true,
      iamAuthentication: true,
      deletionProtection: true,
      backup: { retention: Duration.days(7) },
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: ['postgresql'],
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    this.endpoint = new CfnOutput(this, 'Endpoint', {
      value: `${this.cluster.clusterEndpoint.hostname}:5432/${database}`,
      description: `Register it: tenantry shard add ${shardId} …`,
    });
  }
}
