import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { config } from '#config';
import type { FunctionName } from '#functions/manifest.ts';
import type { Bundle } from './bundles.ts';
import { ConsoleStack } from './console/console-stack.ts';
import type { ConsolePages } from './console/pages.ts';
import { ControlPlaneStack } from './control-plane/control-plane-stack.ts';
import { DataStack } from './data/data-stack.ts';
import { OperationsStack } from './operations/operations-stack.ts';
import { readSettings } from './settings.ts';
import { ShardsStack } from './shards/shards-stack.ts';

export interface Tenantry {
  data: DataStack;
  shards: ShardsStack | undefined;
  controlPlane: ControlPlaneStack;
  operations: OperationsStack;
  console: ConsoleStack;
}

/** Adds every stack to the app according to its context, and the checks that synthesis must pass. */
export const addTenantry = (
  app: App,
  bundles: Readonly<Record<FunctionName, Bundle>>,
  pages: ConsolePages,
): Tenantry => {
  const settings = readSettings(app.node);
  const [region] = config.regions;
  const common = { env: { ...(region && { region }) } };
  const data = new DataStack(app, 'Tenantry-Data', {
    ...common,
    trail: settings.trail,
    terminationProtection: true,
  });
  const shards =
    settings.shards === 'aurora'
      ? new ShardsStack(app, 'Tenantry-Shards', { ...common, ...settings, terminationProtection: true })
      : undefined;
  const controlPlane = new ControlPlaneStack(app, 'Tenantry-ControlPlane', {
    ...common,
    bundles,
    bus: data.bus,
    streamArns: { audit: data.tables.audit.streamArn, tenants: data.tables.tenants.streamArn },
    applicationRoles: settings.applicationRoles,
    identity: settings.identity,
    ...(shards && { network: shards.network }),
    ...(settings.network && { existingNetwork: settings.network }),
  });
  const operations = new OperationsStack(app, 'Tenantry-Operations', {
    ...common,
    controlPlane,
    ...(settings.alarmEmail && { alarmEmail: settings.alarmEmail }),
  });
  const console = new ConsoleStack(app, 'Tenantry-Console', {
    ...common,
    pages,
    controlPlane,
    ...(settings.consoleDomain && { domain: settings.consoleDomain }),
  });
  for (const stack of [data, controlPlane, operations, console, ...(shards ? [shards] : [])]) {
    Tags.of(stack).add('product', 'tenantry');
    Tags.of(stack).add('stack', stack.stackName);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }));
  return { data, shards, controlPlane, operations, console };
};
