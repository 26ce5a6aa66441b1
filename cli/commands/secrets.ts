import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '#cli/exit-codes.ts';
import { openSession, type Session, type Terminal } from '#cli/terminal.ts';
import { secretsView } from '#cli/views.ts';
import type { RotationStarted, Secret } from '#core/contract/model/secret.ts';

const pollMs = 500;
/** A rotation is four function calls and takes seconds. */
const timeoutMs = 60_000;

const secretsOf = async ({ api }: Session, tenant: string) =>
  (await api.call('listSecrets', { params: { tenant } })).body;

const isCurrent = ({ versions }: Secret, { versionId }: RotationStarted) =>
  versions.some((version) => version.versionId === versionId && version.stages.includes('AWSCURRENT'));

async function untilCurrent(session: Session, tenant: string, started: RotationStarted) {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    const secrets = await secretsOf(session, tenant);
    if (secrets.items.some((secret) => isCurrent(secret, started))) return secrets;
    await delay(pollMs);
  }
  const advice = `Look for the cause: tenantry audit ${tenant} --action secret.rotation.failed`;
  throw new CommandError(exitCodes.failed, `Version ${started.versionId} is not current after 60 s. ${advice}`);
}

/** Adds `secrets` and `secrets rotate`. */
export function addSecrets(program: Command, terminal: Terminal): void {
  const secrets = program
    .command('secrets')
    .description("List a tenant's secrets, without values, or rotate them.")
    .usage('<tenant> | rotate <tenant> [options]');

  secrets
    .command('list', { isDefault: true })
    .description("List a tenant's secrets: versions and dates; `list` is the default command.")
    .argument('<tenant>', 'slug or id')
    .action(async (tenant: string, _options: object, command: Command) => {
      const session = await openSession(terminal, command);
      const found = await secretsOf(session, tenant);
      session.show(found, (width) => secretsView(found.items, width));
    });

  secrets
    .command('rotate')
    .description("Rotate an active tenant's database password.")
    .argument('<tenant>', 'slug or id')
    .option('--watch', 'wait until the new version is current; exits with 1 after a minute')
    .action(async (tenant: string, { watch = false }: { watch?: boolean }, command: Command) => {
      const session = await openSession(terminal, command);
      const { body } = await session.api.call('rotateSecrets', { params: { tenant } });
      if (!watch) {
        session.show(
          body,
          () => `Rotation started (version ${body.versionId}). Check with: tenantry secrets ${tenant}`,
        );
        return;
      }
      const rotated = await untilCurrent(session, tenant, body);
      session.show(rotated, (width) => secretsView(rotated.items, width));
    });
}
