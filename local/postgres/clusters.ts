import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ShardRegistration } from '#core/contract/model/shard.ts';
import { shardSecretName } from '#core/contract/platform/names.ts';
import { localRegion } from '#local/aws/endpoint/names.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import type { ShardDatabase } from '#stores/postgres/database.ts';
import { type Cluster, startCluster } from './cluster.ts';

/** What a new local run begins with: two shared shards for half of the hash space each, and two spares for silo tenants. */
const initialShards: readonly Omit<ShardRegistration, 'endpoint'>[] = [
  { shardId: 'shared-1', class: 'shared', region: localRegion, range: { from: 0, to: 32_767 } },
  { shardId: 'shared-2', class: 'shared', region: localRegion, range: { from: 32_768, to: 65_535 } },
  { shardId: 'dedicated-1', class: 'dedicated', region: localRegion },
  { shardId: 'dedicated-2', class: 'dedicated', region: localRegion },
];

const login = z.object({ username: z.string(), password: z.string() });

/** The Postgres clusters of this machine: one folder each, all of them started; Secrets Manager has the logins. */
export class Clusters {
  readonly #folder: string;
  readonly #secretsManager: AwsService;
  readonly #running = new Map<string, Cluster>();

  constructor(folder: string, secretsManager: AwsService) {
    this.#folder = folder;
    this.#secretsManager = secretsManager;
  }

  /** Starts every cluster there is, and those a new local run begins with. */
  async start(): Promise<void> {
    const known = await readdir(this.#folder).catch(() => []);
    const shardIds = new Set([...known, ...initialShards.map(({ shardId }) => shardId)]);
    await Promise.all([...shardIds].map((shardId) => this.add(shardId)));
  }

  /** Starts the cluster of a shard, making it if it is not there, and gives where it listens. */
  async add(shardId: string): Promise<Cluster['endpoint']> {
    const cluster = this.#running.get(shardId) ?? (await startCluster({ folder: join(this.#folder, shardId) }));
    this.#running.set(shardId, cluster);
    const { user, password } = cluster.adminLogin;
    await this.#keepSecret(shardSecretName(shardId, 'admin'), JSON.stringify({ username: user, password }));
    return cluster.endpoint;
  }

  /** The registrations that a new local run sends to the API, as an operator would. */
  registrations(): ShardRegistration[] {
    return initialShards.flatMap((shard) => {
      const endpoint = this.#running.get(shard.shardId)?.endpoint;
      return endpoint ? [{ ...shard, endpoint }] : [];
    });
  }

  /** Every shard that was made ready for tenants, with the logins that Secrets Manager holds for it. */
  async databases(): Promise<Map<string, ShardDatabase>> {
    const databases = new Map<string, ShardDatabase>();
    for (const [shardId, { endpoint, adminLogin }] of this.#running) {
      const migrator = await this.#readSecret(shardSecretName(shardId, 'migrator'));
      if (migrator) databases.set(shardId, { endpoint, admin: adminLogin, migrator });
    }
    return databases;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((cluster) => cluster.stop()));
  }

  async #keepSecret(Name: string, SecretString: string) {
    if (!(await this.#readSecret(Name))) await this.#secretsManager.call('CreateSecret', { Name, SecretString });
  }

  async #readSecret(SecretId: string) {
    try {
      const { SecretString } = await this.#secretsManager.call('GetSecretValue', { SecretId });
      const { username, password } = login.parse(JSON.parse(String(SecretString)));
      return { user: username, password };
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
