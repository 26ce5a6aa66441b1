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

/** Server parameters that tenant isolation depends on. */
export const serverParameters = {
  // Aurora has no pg_hba.conf to require TLS in.
  'rds.force_ssl': '1',
  // Keeps tenants from changing their own passwords, which would then differ from Secrets Manager.
  'rds.restrict_password_commands': '1',
  password_encryption: 'scram-sha-256',
  // A prepared transaction outlives its session, so it could outlive its tenant.
  max_prepared_transactions: '0',
  log_lock_waits: '1',
  // Kilobytes of temporary files per session; the admin login may not limit that by role.
  temp_file_limit: '1048576',
} as const;

/** One shard: an Aurora Serverless v2 cluster that pauses when idle, with its admin credentials in Secrets Manager. */
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
      // Characters that a connection string would have to escape.
      excludeCharacters: ' %+~`#$&*()|[]{}:;<>?!\'/@"\\',
    });
    Validations.of(admin).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotation needs a function inside the VPC and interrupts open sessions; docs/aws.md describes manual rotation.',
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
      description: `Register with: tenantry shard add ${shardId} …`,
    });
  }
}
