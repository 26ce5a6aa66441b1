import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Listr, type ListrTask } from 'listr2';
import * as z from 'zod';
import { type ApiClient, ProblemError } from '#core/contract/api/client.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { stepsOf } from '#core/operation/kinds.ts';
import type { System } from './system.ts';

const file = join(import.meta.dirname, '../../examples/onboarding-events.json');
const entriesSchema = z.array(z.looseObject({ Detail: z.string() }));
const detailSchema = z.looseObject({ slug: z.string(), tier: z.string() });

/** How often the API is polled. */
const pollMs = 40;
/** An onboarding takes seconds; its workflow gives up after ten minutes. */
const longestWaitMs = 600_000;

/** Puts the example events on the bus, as sales tooling would, and draws each step as it is done. */
export const onboardExamples = async ({ services }: System, api: ApiClient): Promise<void> => {
  const Entries = entriesSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await services.bus.call('PutEvents', { Entries });
  const tenants = Entries.map(({ Detail }) => detailSchema.parse(JSON.parse(Detail)));
  const tasks = tenants.map(({ slug, tier }) => tenantTask(api, slug, tier));
  await new Listr(tasks, { concurrent: true, exitOnError: false, ...rendering }).run();
};

export const rendering = {
  fallbackRenderer: 'simple',
  rendererOptions: { collapseSubtasks: false, collapseErrors: false },
} as const;

const tenantTask = (api: ApiClient, slug: string, tier: string): ListrTask => ({
  title: `${slug} (${tier})`,
  task: async (_context, task) => {
    const tenant = await until(() => findTenant(api, slug));
    if (tenant.status === 'active') {
      task.title = `${slug} (${tier})  active on ${tenant.placement?.shardId}`;
      return undefined;
    }
    return task.newListr(
      stepsOf('onboard').map((step) => stepTask(api, tenant, step)),
      { exitOnError: true },
    );
  },
});

const stepTask = (api: ApiClient, { tenantId }: Tenant, name: string): ListrTask => ({
  title: name,
  task: async (_context, task) => {
    const step = await until(async () => {
      const { body } = await api.call('listOperations', { params: { tenant: tenantId }, query: { limit: 1 } });
      const found = body.items[0]?.steps.find((one) => one.name === name);
      return found && ['pending', 'running'].includes(found.status) ? undefined : found;
    });
    if (step.error) throw new Error(`${step.name} failed with ${step.error.code}: ${step.error.message}`);
    const ms = Date.parse(step.endedAt ?? '') - Date.parse(step.startedAt ?? '');
    task.title = `${name}  ${ms} ms`;
  },
});

const findTenant = async (api: ApiClient, slug: string): Promise<Tenant | undefined> => {
  try {
    return (await api.call('getTenant', { params: { tenant: slug } })).body;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return undefined;
    throw error;
  }
};

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const end = Date.now() + longestWaitMs;
  while (Date.now() < end) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await delay(pollMs);
  }
  throw new Error('It took longer than ten minutes; .tenantry/logs/functions.ndjson may say why.');
};
