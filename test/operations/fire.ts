import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Client } from 'pg';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { System } from '#test/local/system/harness.ts';

/** A way into the tenant that a client tries again and again, and when it last got in. */
interface Lane {
  name: string;
  /** Throws, or answers false, where it is refused. */
  enter: () => Promise<boolean>;
}

interface Place {
  host: string;
  port: number;
  database: string;
  options: string;
}

const databaseSessions = 20;
const pauseMs = 20;

/** A client that hammers every way into one tenant, and counts what it wrote. */
export class Fire {
  readonly #system: System;
  readonly #tenant: Tenant;
  readonly #place: Place;
  readonly #password: string;
  #token = '';
  /** Rows that the database has acknowledged. */
  written = 0;

  private constructor(system: System, tenant: Tenant, place: Place, password: string) {
    this.#system = system;
    this.#tenant = tenant;
    this.#place = place;
    this.#password = password;
  }

  static async at(system: System, tenant: Tenant): Promise<Fire> {
    const { body } = await system.call<{ items: Shard[] }>('/v1/shards');
    const { host, port, database } = body.items.find(({ shardId }) => shardId === tenant.placement?.shardId)!.endpoint;
    const secrets = new SecretsManagerClient(system.aws);
    const SecretId = `tenantry/tenants/${tenant.tenantId}/database`;
    const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    secrets.destroy();
    const { password } = JSON.parse(SecretString) as { password: string };
    const options = `-c search_path=${tenant.placement?.namespace}`;
    return new Fire(system, tenant, { host, port, database, options }, password);
  }

  /** One cycle: suspends and resumes the tenant, and tells after how many ms each way in was closed and open again. */
  async cycle(): Promise<{ refusedMs: Record<string, number>; servedMs: Record<string, number> }> {
    await this.#signIn();
    const sessions = await Promise.all(Array.from({ length: databaseSessions }, () => this.#connect()));
    const vended = await this.#vend();
    const stream = await this.#openStream();
    const isHeld = { value: true };
    const writers = sessions.map((session) => this.#write(session, isHeld));
    const lanes: Lane[] = [
      { name: 'api', enter: async () => (await this.#call('/v1/me')) === 200 },
      { name: 'flags', enter: async () => (await this.#call('/ofrep/v1/evaluate/flags', {})) === 200 },
      { name: 'login', enter: async () => (await (await this.#connect()).end(), true) },
      { name: 'vended', enter: async () => (await vended(), true) },
    ];
    const suspending = await this.#order('suspend');
    const suspended = performance.now();
    const since = () => Math.round(performance.now() - suspended);
    const closed = await Promise.all([
      ...lanes.map(async (lane) => [lane.name, await this.#until(lane, false, since)] as const),
      Promise.all(writers).then(() => ['sessions', since()] as const),
      stream.ended.then(() => ['stream', since()] as const),
    ]);
    isHeld.value = false;
    await this.#system.untilOperation(suspending, 'succeeded');

    await this.#system.untilOperation(await this.#order('resume'), 'succeeded');
    const resumed = performance.now();
    const after = () => Math.round(performance.now() - resumed);
    const open = lanes.map(async (lane) => [lane.name, await this.#until(lane, true, after)] as const);
    return { refusedMs: Object.fromEntries(closed), servedMs: Object.fromEntries(await Promise.all(open)) };
  }

  /** Rows that are there. */
  async rows(): Promise<number> {
    const client = await this.#connect();
    const { rows } = await client.query<{ count: string }>(`select count(*) from agents where email like 'fire-%'`);
    await client.end();
    return Number(rows[0]?.count);
  }

  /** The operation that the request began. */
  async #order(verb: 'suspend' | 'resume'): Promise<string> {
    const path = `/v1/tenants/${this.#tenant.tenantId}/${verb}`;
    const { status, body } = await this.#system.call<{ operation: Operation }>(path, { method: 'POST', body: {} });
    if (status !== 202) throw new Error(`${verb} was answered ${status}: ${JSON.stringify(body)}`);
    return body.operation.id;
  }

  async #until({ name, enter }: Lane, isOpen: boolean, elapsed: () => number): Promise<number> {
    return this.#system.until<number>(`${name} to be ${isOpen ? 'served' : 'refused'}`, async () => {
      if (isOpen && (name === 'api' || name === 'flags')) await this.#signIn();
      const entered = await enter().catch(() => false);
      return entered === isOpen ? elapsed() : { not: entered };
    });
  }

  async #signIn() {
    this.#token = await this.#system.token('tenant-admin', this.#tenant.tenantId);
  }

  async #call(path: string, body?: object) {
    const { status } = await this.#system.call(path, {
      token: this.#token,
      ...(body && { method: 'POST', body }),
    });
    return status;
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...this.#place, user: this.#tenant.tenantId, password: this.#password });
    // What ends a session from outside is told to the query under way as well.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Writes rows until its session is ended from outside. */
  async #write(client: Client, isHeld: { value: boolean }) {
    for (;;) {
      try {
        await client.query(`insert into agents (name, email) values ('Fire', 'fire-' || uuidv7())`);
        this.written += 1;
        await delay(pauseMs);
      } catch (error) {
        if (!isHeld.value) throw error;
        return;
      }
    }
  }

  /** Reads the tenant's partition by AWS credentials that were handed out before. */
  async #vend() {
    const sts = new STSClient(this.#system.aws);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::000000000000:role/tenantry-tenant',
        RoleSessionName: 'fire',
        Tags: [{ Key: 'tenant', Value: this.#tenant.tenantId }],
      }),
    );
    sts.destroy();
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const query = new QueryCommand({
      TableName: 'tenantry-tenants',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `TENANT#${this.#tenant.tenantId}` } },
    });
    return async () => {
      const items = new DynamoDBClient({ ...this.#system.aws, credentials });
      await items.send(query).finally(() => items.destroy());
    };
  }

  /** A stream of flag events, and the moment at which it is ended from outside. */
  async #openStream() {
    const { body } = await this.#system.call<{ eventStreams: { url: string }[] }>('/ofrep/v1/evaluate/flags', {
      method: 'POST',
      body: {},
      token: this.#token,
    });
    const response = await fetch(body.eventStreams[0]?.url ?? '');
    if (response.status !== 200) throw new Error(`The stream was answered ${response.status}.`);
    return { ended: response.text() };
  }
}
