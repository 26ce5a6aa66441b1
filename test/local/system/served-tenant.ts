import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, DatabaseError } from 'pg';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Secret } from '#core/contract/model/secret.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import type { System } from './harness.ts';

/** A tenant in service with its secret and its database, as its own application reaches them. */
export class ServedTenant {
  readonly system: System;
  readonly tenantId: string;
  readonly namespace: string;
  /** How pg reaches its shard. */
  readonly connection: { host: string; port: number; database: string };
  readonly secretsManager: SecretsManagerClient;

  private constructor(system: System, tenantId: string, namespace: string, { endpoint }: Shard) {
    const { host, port, database } = endpoint;
    this.system = system;
    this.tenantId = tenantId;
    this.namespace = namespace;
    this.connection = { host, port, database };
    this.secretsManager = new SecretsManagerClient(system.aws);
  }

  static async onboard(system: System, fields: Record<string, unknown> = {}): Promise<ServedTenant> {
    const { tenant, operation } = (await system.onboard(fields)).body;
    await system.untilOperation(operation.id, 'succeeded');
    return ServedTenant.of(system, tenant.tenantId);
  }

  static async of(system: System, tenantId: string): Promise<ServedTenant> {
    const { placement } = await system.tenant(tenantId);
    const shards = (await system.call<{ items: Shard[] }>('/v1/shards')).body.items;
    const shard = shards.find(({ shardId }) => shardId === placement?.shardId);
    if (!placement || !shard) throw new Error(`${tenantId} has no place.`);
    return new ServedTenant(system, tenantId, placement.namespace, shard);
  }

  get secretId() {
    return tenantDatabaseSecretName(this.tenantId);
  }

  async password(VersionStage = 'AWSCURRENT'): Promise<string> {
    const { SecretString = '' } = await this.secretsManager.send(
      new GetSecretValueCommand({ SecretId: this.secretId, VersionStage }),
    );
    return (JSON.parse(SecretString) as { password: string }).password;
  }

  client(password: string): Client {
    const client = new Client({ ...this.connection, user: this.tenantId, password });
    client.on('error', () => undefined);
    return client;
  }

  async logsIn(password: string): Promise<boolean> {
    const client = this.client(password);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === '28P01') return false;
      throw error;
    } finally {
      await client.end();
    }
  }

  async described(): Promise<Secret> {
    const { body } = await this.system.call<{ items: Secret[] }>(`/v1/tenants/${this.tenantId}/secrets`);
    if (!body.items[0]) throw new Error(`${this.tenantId} has no secret.`);
    return body.items[0];
  }

  /** Asks for a rotation and gives the version that it makes. */
  async rotate(token?: string): Promise<string> {
    const path = `/v1/tenants/${this.tenantId}/secrets/rotate`;
    const { status, body } = await this.system.call<{ versionId: string }>(path, {
      method: 'POST',
      ...(token !== undefined && { token }),
    });
    if (status !== 202) throw new Error(`The rotation was answered with ${status}: ${JSON.stringify(body)}`);
    return body.versionId;
  }

  /** Waits until the version is current and Secrets Manager has nothing more to do. */
  untilCurrent(versionId: string): Promise<Secret> {
    return this.system.until<Secret>(`version ${versionId} to be current`, async () => {
      const secret = await this.described();
      const stages = secret.versions.find((version) => version.versionId === versionId)?.stages ?? [];
      return stages.join() === 'AWSCURRENT' ? secret : { not: secret };
    });
  }

  async rotated(): Promise<Secret> {
    return this.untilCurrent(await this.rotate());
  }

  audited(action: AuditEvent['action']): Promise<AuditEvent[]> {
    return this.system.audited(this.tenantId, `action=${action}`);
  }

  untilAudited(action: AuditEvent['action'], count: number): Promise<AuditEvent[]> {
    return this.system.until<AuditEvent[]>(`${count} × ${action}`, async () => {
      const events = await this.audited(action);
      return events.length >= count ? events : { not: events };
    });
  }
}
