import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { functionSpecs } from '#functions/manifest.ts';
import { type Alarm, Alarms } from './alarms/alarms.ts';
import { localRegion } from './aws/names.ts';
import { type AwsServices, startAwsServices } from './aws-services.ts';
import { VirtualClock } from './clock.ts';
import { Clusters } from './clusters.ts';
import { pointSdkAt, setFunctionEnvironment } from './environment.ts';
import { announceCallers } from './functions/caller.ts';
import { FaultRegistry } from './functions/faults.ts';
import { FunctionLogs } from './functions/function-logs.ts';
import { LogFile } from './functions/log-file.ts';
import { FunctionRuntime } from './functions/runtime.ts';
import { openState } from './state.ts';

export interface SystemOptions {
  folder: string;
  port: number;
  awsPort: number;
  schema: string;
  onAlarm: (alarm: Alarm) => void;
}

/** The whole product on this machine, and how to end it. */
export interface System {
  services: AwsServices;
  clusters: Clusters;
  runtime: FunctionRuntime;
  clock: VirtualClock;
  faults: FaultRegistry;
  alarms: Alarms;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..');

/** Starts the services, the clusters and the functions, in the order in which each needs the others. */
export const startSystem = async ({ folder, awsPort, schema, onAlarm }: SystemOptions): Promise<System> => {
  await mkdir(folder, { recursive: true });
  const state = await openState(folder);
  const clock = new VirtualClock(state);
  const alarms = new Alarms({ clock, onChange: onAlarm });
  const log = await LogFile.open({ path: join(folder, 'logs', 'functions.ndjson') });
  const logs = new FunctionLogs({ write: (line) => log.write(line), onMetric: (metric) => alarms.observe(metric) });
  const faults = new FaultRegistry(Object.keys(functionSpecs));
  const runtime = new FunctionRuntime({
    functions: functionSpecs,
    root,
    region: localRegion,
    faults,
    onFailure: logs.failed,
  });
  const releaseLogs = logs.capture();
  const releaseCallers = announceCallers();
  const report = (error: unknown) => console.error('The local run failed:', error);
  const services = await startAwsServices({
    ...{ folder, root, port: awsPort, state, clock, alarms, faults, report },
    invoke: (name, event) => runtime.invoke(name, event),
  });
  pointSdkAt(services.endpoint.url);
  setFunctionEnvironment(services.endpoint.url, schema);
  const clusters = new Clusters(join(folder, 'postgres'), services.vault);
  await Promise.all([clusters.start(), runtime.load()]);
  services.resume();
  return {
    services,
    clusters,
    runtime,
    clock,
    faults,
    alarms,
    stop: async () => {
      await runtime.close();
      await services.close();
      await clusters.stop();
      releaseCallers();
      releaseLogs();
      await log.flush();
      await state.close();
    },
  };
};
