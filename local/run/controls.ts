import * as z from 'zod';
import type { Alarms } from '#local/aws/cloudwatch/alarms.ts';
import { parsedInput } from '#local/aws/lambda/input.ts';
import type { AwsServices } from '#local/aws/services.ts';
import type { ControlTable } from '#local/gateway/control.ts';
import type { Clusters } from '#local/postgres/clusters.ts';
import { takeInventory } from './inventory.ts';

interface Controlled {
  services: AwsServices;
  clusters: Clusters;
  alarms: Alarms;
}

const clusterSchema = z.strictObject({ shardId: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });

/** Control routes of the whole system: inventory, alarms, mail, and another Postgres cluster to register as a shard. */
export const systemControls = ({ services, clusters, alarms }: Controlled): ControlTable => ({
  'GET /_local/inventory': () => takeInventory({ ...services, clusters }),
  'GET /_local/alarms': () => ({ items: alarms.list() }),
  'GET /_local/mail': () => ({ items: services.outbox.list() }),
  'POST /_local/clusters': (input) => clusters.add(parsedInput(clusterSchema, input).shardId),
});
