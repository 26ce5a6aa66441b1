#!/usr/bin/env node
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Options, readOptions, usage } from './run/options.ts';

const say = (text = '') => process.stdout.write(`${text}\n`);

const main = async (options: Options) => {
  const began = Date.now();
  if (options.fresh) await removeState(options.folder);
  const { Listr } = await import('listr2');
  const { apiClient } = await import('#core/contract/api/client.ts');
  const { onboardExamples, rendering } = await import('./run/examples.ts');
  const { startSystem } = await import('./run/system.ts');
  const { builtConsole } = await import('./console/build.ts');
  const { addInitialFlags } = await import('./run/initial-flags.ts');
  const { addInitialShards } = await import('./run/initial-shards.ts');

  say('\nTenantry, running locally\n');
  const onAlarm = (alarm: { name: string; state: string; about: string }) =>
    say(`  ${alarm.state === 'ALARM' ? '⚠ alarm' : 'alarm over'}: ${alarm.name}. ${alarm.about}`);
  const started: { system?: Awaited<ReturnType<typeof startSystem>> } = {};
  stopOnSignal(() => started.system?.stop());
  const pages = options.console ? builtConsole(join(import.meta.dirname, '..')) : undefined;
  // It is waited for at the end, which then fails with it: until then the clusters start beside it.
  pages?.catch(() => undefined);
  await new Listr(
    [
      {
        title: 'AWS services, Postgres clusters, functions, workflows, API',
        task: async () => {
          started.system = await startSystem({ ...options, onAlarm });
        },
      },
      {
        title: 'Shards',
        task: async (_context, task) => {
          if (started.system) task.title = `Shards: ${(await addInitialShards(started.system)).join(', ')}`;
        },
      },
      {
        title: 'Flags',
        task: async (_context, task) => {
          if (started.system) task.title = `Flags: ${await addInitialFlags(started.system)}`;
        },
      },
    ],
    rendering,
  ).run();
  const { system } = started;
  if (!system) throw new Error('The local run did not start.');
  const token = await system.tokens.issue({ role: 'platform-admin' });
  if (options.examples) {
    say('\nTenants of examples/onboarding-events.json, onboarded by events\n');
    await onboardExamples(system, apiClient({ url: system.url, token, fetch }));
  }
  if (pages) {
    say();
    await new Listr([{ title: 'Console', task: async () => system.serveConsole(await pages) }], rendering).run();
  }
  say(`
  Console          ${options.console ? system.url : 'not served (--no-console)'}
  API              ${system.url}
  AWS endpoint     ${system.services.endpoint.url}  (region us-east-1, any credentials)
  State and logs   ${relative(process.cwd(), options.folder) || '.'}

  Try              npx tenantry tenants
                   npx tenantry onboard my-company --tier growth --name "My Company" --admin-email me@my.example --watch
                   docs/local-run.md shows how to make a step fail and watch it roll back

  A platform-admin's token, good for 12 hours:
  ${token}

Ready in ${((Date.now() - began) / 1000).toFixed(1)} s. Press Ctrl-C to stop. State is kept for the next start.`);
};

/** Only a folder that a local run made, or an empty place, is deleted; a running one is refused by its lock afterwards. */
const removeState = async (folder: string) => {
  for (const part of ['state', 'state-wal', 'dynamodb', 'dynamodb-wal', 'objects', 'postgres', 'logs']) {
    if (part === 'postgres') await stopClusters(join(folder, part));
    await rm(join(folder, part), { recursive: true, force: true });
  }
};

/** A cluster that outlived a crash must end before its files go. */
const stopClusters = async (folder: string) => {
  const { readdir } = await import('node:fs/promises');
  const { startCluster } = await import('./postgres/cluster.ts');
  for (const shardId of await readdir(folder).catch(() => [])) {
    await (await startCluster({ folder: join(folder, shardId) })).stop();
  }
};

/** The first signal ends the run cleanly; a second one at once. */
const stopOnSignal = (stop: () => Promise<void> | undefined) => {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      say('\nStopping …');
      Promise.resolve(stop()).then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
};

const fail = (error: unknown): never => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
};

try {
  const options = readOptions(process.argv.slice(2));
  if (options) await main(options);
  else say(usage);
} catch (error) {
  fail(error);
}
