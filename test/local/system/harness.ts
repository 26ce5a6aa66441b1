import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Role } from '#core/contract/api/roles.ts';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { Inventory } from '#local/run/inventory.ts';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  token?: string;
}

interface Started {
  tenant: Tenant;
  operation: Operation;
}

const root = join(import.meta.dirname, '../../..');

/** How long a test waits for what is to come. Where many wait in vain, as in the proofs, less will do. */
const patienceMs = Number(process.env['TEST_PATIENCE_MS'] ?? 60_000);

/** The whole of Tenantry as a user starts it: a process of its own, in a folder of its own, on free ports. */
export class System {
  readonly folder: string;
  url = '';
  awsUrl = '';
  output = '';
  #process: ChildProcess | undefined;
  #token = '';
  #slugs = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  async start(args: readonly string[] = ['--no-examples', '--no-console']): Promise<this> {
    const command = ['local/start.ts', '--folder', this.folder, '--port', '0', '--aws-port', '0', ...args];
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    const ready = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.output += `${line}\n`;
        this.url = /^\s*API\s+(http\S+)/.exec(line)?.[1] ?? this.url;
        this.awsUrl = /AWS endpoint\s+(http\S+)/.exec(line)?.[1] ?? this.awsUrl;
        if (line.startsWith('Ready')) ready.resolve();
      });
    }
    child.once('exit', (code) => ready.reject(new Error(`The local run ended with ${code}:\n${this.output}`)));
    await ready.promise;
    await this.signIn();
    return this;
  }

  /** Calls from now on as the platform's administrator, with a new token. */
  async signIn(): Promise<void> {
    this.#token = await this.token('platform-admin');
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill('SIGINT');
    await exited;
    return child.exitCode;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async token(role: Role, tenant?: string, name?: string): Promise<string> {
    const { body } = await this.call<{ token: string }>('/_local/token', {
      method: 'POST',
      body: { role, tenant, name },
      token: '',
    });
    return body.token;
  }

  async call<T = Record<string, unknown>>(
    path: string,
    { method = 'GET', body, headers, token }: Call = {},
  ): Promise<Answer<T>> {
    const authorization = token ?? this.#token;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(authorization && { authorization: `Bearer ${authorization}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as T,
    };
  }

  /** A request for a tenant that nobody asked for before. */
  request(fields: Record<string, unknown> = {}) {
    this.#slugs += 1;
    const slug = `t-${process.pid}-${this.#slugs}`;
    return { slug, name: `Tenant ${slug}`, tier: 'starter', adminEmail: `admin@${slug}.example`, ...fields };
  }

  onboard(fields: Record<string, unknown> = {}, call: Call = {}): Promise<Answer<Started>> {
    return this.call<Started>('/v1/tenants', { method: 'POST', body: this.request(fields), ...call });
  }

  async tenant(reference: string): Promise<Tenant> {
    return (await this.call<Tenant>(`/v1/tenants/${reference}`)).body;
  }

  async operation(operationId: string): Promise<Operation> {
    return (await this.call<Operation>(`/v1/operations/${operationId}`)).body;
  }

  /** Waits until the operation is in one of these states; says what it is in when that takes too long. */
  async untilOperation(operationId: string, ...statuses: Operation['status'][]): Promise<Operation> {
    const wanted = statuses.length > 0 ? statuses : ['succeeded', 'rolled-back', 'rollback-failed'];
    return this.until<Operation>(`operation ${operationId} to be ${wanted.join(' or ')}`, async () => {
      const operation = await this.operation(operationId);
      return wanted.includes(operation.status) ? operation : { not: operation };
    });
  }

  /** Polls until `look` gives something other than `{not: …}`; fails at the end of its patience with what was last seen. */
  async until<T>(what: string, look: () => Promise<T | { not: unknown }>): Promise<T> {
    const end = Date.now() + patienceMs;
    let last: unknown;
    while (Date.now() < end) {
      const seen = await look();
      if (!(typeof seen === 'object' && seen !== null && 'not' in seen)) return seen;
      last = seen.not;
      await delay(50);
    }
    throw new Error(`Waited ${patienceMs / 1000} s for ${what}; last seen: ${JSON.stringify(last)}`);
  }

  fault(fault: {
    function: string;
    kind: string;
    error?: string;
    operation?: string;
    where?: Record<string, string>;
    times?: number;
  }) {
    return this.call('/_local/faults', { method: 'POST', body: { times: 1, ...fault } });
  }

  clearFaults() {
    return this.call('/_local/faults', { method: 'DELETE' });
  }

  /** The time of the platform. */
  async time(): Promise<string> {
    return (await this.call<{ now: string }>('/_local/clock')).body.now;
  }

  /** Moves the clock; the token that calls are made with by default is a new one then, since the old may have expired. */
  async advance(advanceSeconds: number) {
    const answer = await this.call('/_local/clock', { method: 'POST', body: { advanceSeconds } });
    this.#token = await this.token('platform-admin');
    return answer;
  }

  async inventory(): Promise<Inventory> {
    const { status, body } = await this.call<Inventory>('/_local/inventory');
    if (status !== 200) throw new Error(`There is no inventory: ${JSON.stringify(body)}`);
    return body;
  }

  /** How an SDK client reaches the AWS endpoint, as a person with the CLI does. */
  get aws() {
    return {
      endpoint: this.awsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
    };
  }

  /** The audit events of a tenant, or of the platform, oldest first. */
  async audited(tenant?: string, query = ''): Promise<AuditEvent[]> {
    const path = tenant === undefined ? '/v1/audit' : `/v1/tenants/${tenant}/audit`;
    const { body } = await this.call<{ items: AuditEvent[] }>(`${path}?limit=200${query && `&${query}`}`);
    return body.items.toReversed();
  }

  /** What the functions have printed so far. */
  async logged(): Promise<Record<string, unknown>[]> {
    const text = await readFile(join(this.folder, 'logs', 'functions.ndjson'), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** What there is of one tenant, wherever it may be; nothing after a roll-back. */
  async tracesOf(tenantId: string): Promise<string[]> {
    const { placements: _counts, ...lists } = await this.inventory();
    return Object.entries(lists).flatMap(([kind, found]) =>
      (Array.isArray(found) ? found : Object.keys(found))
        .filter((name) => name.includes(tenantId))
        .map((name) => `${kind}: ${name}`),
    );
  }
}

/** A system that is not started yet, in a new folder that Postgres' own user may pass. */
export const newSystem = async (): Promise<System> => {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-'));
  await chmod(folder, 0o755);
  return new System(folder);
};
