import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '#cli/exit-codes.ts';
import { openSession, type Session, type Terminal } from '#cli/terminal.ts';
import { secretsView } from '#cli/views.ts';
import type { RotationStarted, Secret } from '#core/contract/model/secret.ts';

const pollMs = 500;
/** Four calls of a function: seconds. */
const patienceMs = 60_000;

const secretsOf = async ({ api }: Session, tenant: string) =>
  (await api.call('listSecrets', { params: { tenant } })).body;

const isCurrent = ({ versions }: Secret, { versionId }: RotationStarted) =>
  versions.some((version) => version.versionId === versionId && version.stages.includes('AWSCURRENT'));

async function untilCurrent(session: Session, tenant: string, started: RotationStarted) {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    const secrets = await secretsOf(session, tenant);
    if (secrets.items.some((secret) => isCurrent(secret, started))) return secrets;
    await delay(pollMs);
  }
  const advice = `The audit log may say why: tenantry audit ${tenant} --action secret.rotation.failed`;
  throw new CommandError(exitCodes.failed, `Version ${started.versionId} is not current after a minute. ${advice}`);
}

/** `secrets` and `secrets rotate`: what a tenant's services log in with, but for the values. */
export function addSecrets(program: Command, terminal: Terminal): void {
  const secrets = program
    .command('secrets')
    .description("Show a tenant's secrets, without their values, or rotate them.")
    .usage('<tenant> | rotate <tenant> [options]');

  secrets
    .command('list', { isDefault: true })
    .description("List a tenant's secrets: versions and dates; the word `list` may be left out.")
    .argument('<tenant>', 'slug or id')
    .action(async (tenant: string, _options: object, command: Command) => {
      const session = await openSession(terminal, command);
      const found = await secretsOf(session, tenant);
      session.show(found, (width) => secretsView(found.items, width));
    });

  secrets
    .command('rotate')
    .description("Give an active tenant's database login a new password.")
    .argument('<tenant>', 'slug or id')
    .option('--watch', 'wait until it is in force; exit 1 unless it is within a minute')
    .action(async (tenant: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const { body } = await session.api.call('rotateSecrets', { params: { tenant } });
      if (!watch) {
        session.show(body, () => `Version ${body.versionId} of ${body.name} is made: tenantry secrets ${tenant}`);
        return;
      }
      const rotated = await untilCurrent(session, tenant, body);
      session.show(rotated, (width) => secretsView(rotated.items, width));
    });
}
