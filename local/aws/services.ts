import { join } from 'node:path';
import { metricNames } from '#core/contract/platform/alarms.ts';
import { archiveBucketName, deadLetterQueueName, tableNames } from '#core/contract/platform/names.ts';
import { filterPattern, type Trigger } from '#functions/function-spec.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import type { VirtualClock } from '#local/clock.ts';
import { Outbox } from '#local/outbox.ts';
import type { State } from '#local/state.ts';
import { workflows } from '#workflows/workflows.ts';
import { authorizeByManifest } from './authorization/access.ts';
import type { Alarms } from './cloudwatch/alarms.ts';
import { openUserPool, type UserPool } from './cognito/user-pool.ts';
import { type LocalDynamoDb, openDynamoDb } from './dynamodb/dynamodb.ts';
import { type Endpoint, startEndpoint } from './endpoint/endpoint.ts';
import { type Bus, openBus } from './eventbridge/bus.ts';
import { compilePattern } from './eventbridge/pattern.ts';
import { rulesOf } from './eventbridge/rules.ts';
import { openFauxqs } from './fauxqs.ts';
import { openRolePolicies } from './iam/role-policies.ts';
import type { FaultRegistry } from './lambda/faults.ts';
import type { Invoke } from './lambda/runtime.ts';
import { openObjects } from './s3/objects.ts';
import { Schedules, schedulesOf } from './scheduler/schedules.ts';
import { openSecretsManager, type SecretsManager } from './secrets-manager/secrets-manager.ts';
import { trailTo } from './secrets-manager/trail.ts';
import { openQueues } from './sqs/queues.ts';
import { StepFunctions } from './step-functions/step-functions.ts';
import { Sessions } from './sts/sessions.ts';
import { openSts } from './sts/sts.ts';

interface ServicesOptions {
  folder: string;
  port: number;
  state: State;
  clock: VirtualClock;
  alarms: Alarms;
  faults: FaultRegistry;
  invoke: Invoke;
  report: (error: unknown) => void;
}

/** How often items whose time is over are taken away: AWS does it within some days. */
const sweepMs = 3_600_000;

/** Every AWS service the product uses, on one port of this machine. */
export interface AwsServices {
  endpoint: Endpoint;
  dynamodb: LocalDynamoDb;
  secretsManager: SecretsManager;
  bus: Bus;
  userPool: UserPool;
  outbox: Outbox;
  /** Takes up what an earlier run left undone. */
  resume(): Promise<void>;
  /** Starts nothing new, lets `drain` wait for what runs, then closes. */
  close(drain: () => Promise<void>): Promise<void>;
}

export const startAwsServices = async (options: ServicesOptions): Promise<AwsServices> => {
  const { folder, port, state, clock, alarms, faults, invoke, report } = options;
  const urls = { endpoint: '' };
  const dynamodb = await openDynamoDb({ path: join(folder, 'dynamodb'), now: () => clock.now() });
  const trail = trailTo(
    () => bus,
    () => clock.now(),
  );
  const secretsManager = openSecretsManager({
    state,
    clock,
    onRead: trail.read,
    rotation: { rotators: namesByTrigger('rotation'), invoke, onRotation: trail.rotation, report },
  });
  const fauxqs = await openFauxqs(join(folder, 'objects'));
  const queues = openQueues({
    fauxqs,
    names: [deadLetterQueueName],
    endpointUrl: () => urls.endpoint,
    onSend: () => alarms.count(metricNames.deadLetters),
  });
  const bus = await openBus({
    state,
    clock,
    rules: rulesOf(functionSpecs),
    deliver: invoke,
    deadLetter: (body, attributes) => queues.send(deadLetterQueueName, body, attributes),
  });
  const states = await StepFunctions.open({
    workflows,
    functions: new Set(functionNames),
    invoke,
    clock,
    state,
    onStatusChange: (change) =>
      bus.put('default', 'aws.states', 'Step Functions Execution Status Change', change, {
        resources: [change.executionArn],
      }),
    report,
  });
  const outbox = new Outbox(clock);
  const userPool = openUserPool(state, clock, outbox);
  const sessions = new Sessions();
  const rolePolicies = await openRolePolicies(state);
  const endpoint = await startEndpoint({
    port,
    sessions,
    services: {
      dynamodb,
      secretsmanager: secretsManager,
      sqs: queues,
      events: bus,
      states,
      sts: openSts(sessions),
      iam: rolePolicies.service,
      'cognito-idp': userPool,
    },
    s3Handler: openObjects(fauxqs, [archiveBucketName]),
    authorize: authorizeByManifest({ rolePolicies }),
    intercept: (call) => faults.interceptAws(call),
  });
  urls.endpoint = endpoint.url;
  const schedules = new Schedules({
    state,
    clock,
    schedules: schedulesOf(functionSpecs),
    run: invoke,
    deadLetter: (body, attributes) => queues.send(deadLetterQueueName, body, attributes),
  });
  const streams = functionNames.flatMap((name) => {
    const { trigger } = functionSpecs[name];
    if (trigger.kind !== 'stream') return [];
    const patterns = trigger.filter.map((filter) => compilePattern(filterPattern(filter)));
    const consume = async (Records: readonly unknown[]) => {
      await invoke(name, { Records });
    };
    return [
      () =>
        dynamodb.consumeStream(tableNames[trigger.table], consume, {
          batchSize: trigger.batchSize,
          windowMs: trigger.windowSeconds * 1000,
          filter: (record) => patterns.some((matches) => matches(record)),
        }),
    ];
  });
  const sweep = () => {
    clock.after(sweepMs, () => {
      dynamodb.expireItems().then(sweep, report);
    });
  };
  return {
    endpoint,
    dynamodb,
    secretsManager,
    bus,
    userPool,
    outbox,
    resume: async () => {
      for (const consume of streams) consume();
      states.resume();
      bus.resume();
      await secretsManager.resume();
      sweep();
      await schedules.start();
    },
    close: async (drain) => {
      schedules.close();
      await Promise.all([states.close(), bus.close(), secretsManager.close(), drain()]);
      await endpoint.close();
      await Promise.all([fauxqs.close(), dynamodb.close()]);
    },
  };
};

const namesByTrigger = (kind: Trigger['kind']) =>
  new Set<string>(functionNames.filter((name) => functionSpecs[name].trigger.kind === kind));
