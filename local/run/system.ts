import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { config } from '#config';
import { consoleChoices } from '#core/contract/api/console.ts';
import { routes } from '#core/contract/api/routes.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { functionSpecs } from '#functions/manifest.ts';
import { type Alarm, Alarms } from '#local/aws/cloudwatch/alarms.ts';
import { callDirectly } from '#local/aws/endpoint/direct-calls.ts';
import { localRegion, localUserPool } from '#local/aws/endpoint/names.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import { announceCallers } from '#local/aws/lambda/caller.ts';
import { FaultRegistry } from '#local/aws/lambda/faults.ts';
import { FunctionLogs } from '#local/aws/lambda/function-logs.ts';
import { LogFile } from '#local/aws/lambda/log-file.ts';
import { FunctionRuntime, type Invoke } from '#local/aws/lambda/runtime.ts';
import { type AwsServices, startAwsServices } from '#local/aws/services.ts';
import { VirtualClock } from '#local/clock.ts';
import { consoleSite } from '#local/console/site.ts';
import { controlRoutes } from '#local/gateway/control.ts';
import { controlTable } from '#local/gateway/control-routes.ts';
import { functionUrls } from '#local/gateway/function-urls.ts';
import { createGateway } from '#local/gateway/gateway.ts';
import { Clusters } from '#local/postgres/clusters.ts';
import { openState } from '#local/state.ts';
import { openTokens, type Tokens } from '#local/tokens.ts';
import { setClock } from '#stores/aws/clock.ts';
import { closeConnections } from '#stores/postgres/connection.ts';
import { systemControls } from './controls.ts';
import { confineEnvironment, functionVariables, pointSdkAt, streamVariables } from './environment.ts';
import { keepTicketKey } from './ticket-key.ts';

export interface SystemOptions {
  folder: string;
  port: number;
  awsPort: number;
  schema: string;
  /** Origins of the web pages that may call the API. */
  webOrigins: readonly string[];
  /** What the API takes of all callers together. */
  throttle: Limits;
  onAlarm: (alarm: Alarm) => void;
}

/** The whole product on this machine, and how to end it. */
export interface System {
  url: string;
  services: AwsServices;
  clusters: Clusters;
  tokens: Tokens;
  /** Serves the console's pages from now on. */
  serveConsole(folder: string): Promise<void>;
  stop(): Promise<void>;
}

/** Answers a request, or returns false where it is not one of its own. */
type RequestHandler = ReturnType<typeof controlRoutes>;

const root = join(import.meta.dirname, '../..');
const report = (error: unknown) => console.error('The local run failed:', error);

/** Starts the services, the clusters, the functions and the gateway, in the order in which each needs the others. */
export const startSystem = async (options: SystemOptions): Promise<System> => {
  const { folder, webOrigins, throttle, onAlarm } = options;
  await mkdir(folder, { recursive: true });
  const state = await openState(folder);
  const clock = new VirtualClock(state);
  setClock(() => clock.now());
  const alarms = new Alarms({ clock, onChange: onAlarm });
  const log = new LogFile(join(folder, 'logs', 'functions.ndjson'));
  const logs = new FunctionLogs({ write: (line) => log.write(line), onMetric: (metric) => alarms.observe(metric) });
  const faults = new FaultRegistry(Object.keys(functionSpecs));
  const runtime = new FunctionRuntime({ functions: functionSpecs, root, faults, onFailure: logs.failed });
  const { invoke } = runtime;
  const releases = [logs.capture(), announceCallers()];
  const port = options.awsPort;
  const services = await startAwsServices({ folder, port, state, clock, alarms, faults, invoke, report });
  pointSdkAt(services.endpoint.url);
  await callDirectly(services.endpoint);
  const variables = functionVariables(services.endpoint.url, options.schema);
  releases.push(confineEnvironment(variables));
  const clusters = new Clusters(join(folder, 'postgres'), services.secretsManager);
  await Promise.all([clusters.start(), runtime.load(), keepTicketKey(services.secretsManager)]);

  const beside: { controls?: RequestHandler; site?: RequestHandler } = {};
  let verify: Tokens['verify'] | undefined;
  const streams = functionUrls({ functions: functionSpecs, stream: runtime.stream, report });
  const gateway = createGateway({
    routes,
    functions: functionSpecs,
    invoke,
    report,
    webOrigins,
    stageThrottle: throttle,
    verify: async (token) => {
      if (!verify) throw new Error('The issuer is not open yet.');
      return verify(token);
    },
    rest: (request, response) =>
      streams.answer(request, response) ||
      (beside.controls?.(request, response) ?? false) ||
      (beside.site?.(request, response) ?? false),
  });
  const url = await gateway.listen(options.port);
  Object.assign(variables, streamVariables(url));
  const tokens = await openTokens({
    state,
    issuer: `${url}/_local`,
    audience: 'tenantry',
    tenantIdOf: (tenant) => tenantIdOf(services.dynamodb, tenant),
    claimsOf: (user, tenant) => claimsOf(invoke, user, tenant),
  });
  verify = tokens.verify;
  const table = { ...controlTable({ tokens, faults, clock }), ...systemControls({ services, clusters, alarms }) };
  beside.controls = controlRoutes(table, report);
  await services.resume();
  return {
    url,
    services,
    clusters,
    tokens,
    serveConsole: async (pages) => {
      beside.site = await consoleSite(pages, { apiUrl: '/', signIn: { kind: 'local' }, ...consoleChoices(config) });
    },
    stop: async () => {
      streams.close();
      await gateway.close();
      await services.close(() => runtime.close(1_000));
      await closeConnections();
      await clusters.stop();
      clock.close();
      for (const release of releases) release();
      await log.close();
      await state.close();
    },
  };
};

/** The id of the tenant with this slug; an id is returned as it is, whether such a tenant exists or not. */
const tenantIdOf = async (dynamodb: AwsService, tenant: string) => {
  if (tenant.startsWith('tn_')) return tenant;
  const { pk, sk } = keys.slug(tenant);
  const { Item } = (await dynamodb.call('GetItem', {
    TableName: tableNames.tenants,
    Key: { pk: { S: pk }, sk: { S: sk } },
  })) as { Item?: { tenantId?: { S?: string } } };
  return Item?.tenantId?.S;
};

/** Calls the function that adds claims to tokens, as a user pool does at a sign-in. */
const claimsOf = async (invoke: Invoke, user: string, tenant: string | undefined) => {
  const event = {
    version: '3',
    triggerSource: 'TokenGeneration_Authentication',
    region: localRegion,
    userPoolId: localUserPool,
    userName: user,
    callerContext: { awsSdkVersion: 'local', clientId: 'local' },
    request: {
      userAttributes: { email: user, email_verified: 'true' },
      groupConfiguration: { groupsToOverride: [] },
      ...(tenant !== undefined && { clientMetadata: { tenant } }),
    },
    response: {},
  };
  return signedInSchema.parse(await invoke('issue-claims', event)).response.claimsAndScopeOverrideDetails
    .accessTokenGeneration.claimsToAddOrOverride;
};

const signedInSchema = z.object({
  response: z.object({
    claimsAndScopeOverrideDetails: z.object({
      accessTokenGeneration: z.object({ claimsToAddOrOverride: z.record(z.string(), z.string()) }),
    }),
  }),
});
