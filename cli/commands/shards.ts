import { type Command, InvalidArgumentError, Option } from 'commander';
import { count, limitOption } from '#cli/options.ts';
import { collect } from '#cli/pages.ts';
import { openSession, type Terminal } from '#cli/terminal.ts';
import { shardsView, shardView } from '#cli/views.ts';
import { hashSpace } from '#core/contract/model/shard.ts';
import { type ShardClass, shardClasses } from '#core/contract/model/tiers.ts';

interface HashRange {
  from: number;
  to: number;
}

function hashRange(text: string): HashRange {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new InvalidArgumentError('Must be <from>-<to>, two numbers.');
  return { from: Number(from), to: Number(to) };
}

interface ShardOptions {
  class: ShardClass;
  region: string;
  range?: HashRange;
  capacity?: number;
  host: string;
  port: number;
  database: string;
  tls: boolean;
}

/** Adds `shards` and `shard add`. */
export function addShards(program: Command, terminal: Terminal): void {
  program
    .command('shards')
    .description('List shards.')
    .addOption(new Option('--class <class>', 'only shards of this class').choices(shardClasses))
    .addOption(limitOption())
    .action(async (options: { class?: ShardClass; limit: number }, command: Command) => {
      const { api, show, sayMore } = await openSession(terminal, command);
      const page = await collect(options.limit, (part) =>
        api.call('listShards', { query: { class: options.class, ...part } }),
      );
      show(page, (width) => shardsView(page.items, width));
      sayMore(page);
    });

  program
    .command('shard')
    .description('Add a shard.')
    .command('add')
    .description(
      'Add a Postgres cluster. Its admin credentials must be in Secrets Manager at tenantry/shards/<shard>/admin.',
    )
    .argument('<shard>', 'id of the new shard')
    .addOption(
      new Option('--class <class>', 'shared by many tenants, or dedicated to one')
        .choices(shardClasses)
        .makeOptionMandatory(),
    )
    .requiredOption('--region <region>', 'its region')
    .option(
      '--range <from-to>',
      `range of tenant id hashes it serves, within 0-${hashSpace - 1}; shared shards only`,
      hashRange,
    )
    .option('--capacity <count>', 'maximum number of tenants', count)
    .requiredOption('--host <host>', 'host name of the cluster')
    .option('--port <port>', 'port of the cluster', count, 5432)
    .requiredOption('--database <name>', 'database that holds the tenants')
    .option('--no-tls', 'connect without TLS; only for a cluster on the same machine')
    .action(async (shardId: string, options: ShardOptions, command: Command) => {
      const { api, show } = await openSession(terminal, command);
      const { range, capacity, host, port, database, tls } = options;
      const { body } = await api.call('createShard', {
        body: {
          shardId,
          class: options.class,
          region: options.region,
          ...(range !== undefined && { range }),
          ...(capacity !== undefined && { capacity }),
          endpoint: { host, port, database, tls },
        },
      });
      show(body, () => shardView(body));
    });
}
