import type { Cause } from '#core/change.ts';
import { AppError } from '#core/contract/api/errors.ts';
import {
  type InboundEvent,
  type InboundEventName,
  inboundEvents,
  systemStream,
} from '#core/contract/events/catalogue.ts';
import { registerAndStart } from '#functions/onboard-tenant/register.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import { isTransientError, namedError } from '#functions/shell/named-error.ts';
import { fieldErrors } from '#functions/shell/request-parts.ts';
import { count, type Log } from '#functions/shell/telemetry.ts';
import { requestResumption, requestSuspension } from '#functions/suspend-tenant/request-suspension.ts';
import { sendDeadLetter } from '#stores/aws/dead-letters.ts';
import { commit } from '#stores/registry/commit.ts';
import { findTenant } from '#stores/registry/tenants.ts';

/** Handles requests from the bus. One that can never succeed is audited and sent to the dead-letter queue. */
export const intakeEvent = async (event: BusEvent, log: Log): Promise<void> => {
  try {
    await dispatch(event);
  } catch (error) {
    const named = namedError(error);
    if (isTransientError(named) || named.code === 'internal') throw named;
    await reject(event, named, log);
  }
};

/** Throws `invalid_request` for an unknown event and for a malformed detail. */
export const dispatch = async (event: BusEvent): Promise<unknown> => {
  const name = event['detail-type'];
  if (!isInboundEvent(name)) throw new AppError('invalid_request', `There is no inbound event "${name}".`);
  return handlers[name](event);
};

const isInboundEvent = (name: string): name is InboundEventName => Object.hasOwn(inboundEvents, name);

const causeOf = ({ source }: BusEvent, requestId: string): Cause => ({
  actor: { type: 'service', id: source },
  requestId,
  source: {},
});

/** A repeated delivery has the same request id, and so changes nothing. */
const handlers: Readonly<Record<InboundEventName, (event: BusEvent) => Promise<unknown>>> = {
  'tenant.onboarding.requested': (event) => {
    const { requestId, ...request } = parsed('tenant.onboarding.requested', event);
    return registerAndStart({ request, idempotencyKey: requestId, cause: causeOf(event, requestId) });
  },
  'tenant.suspension.requested': async (event) =>
    requestSuspension(await suspensionOf(parsed('tenant.suspension.requested', event), event)),
  'tenant.resumption.requested': async (event) =>
    requestResumption(await suspensionOf(parsed('tenant.resumption.requested', event), event)),
};

type SuspensionEvent = InboundEvent<'tenant.suspension.requested'>;

const suspensionOf = async ({ requestId, tenant: reference, reason }: SuspensionEvent, event: BusEvent) => {
  const tenant = await findTenant(reference);
  if (!tenant) throw new AppError('not_found', `There is no tenant "${reference}".`);
  return { tenantId: tenant.tenantId, reason, idempotencyKey: requestId, cause: causeOf(event, requestId) };
};

const parsed = <Name extends InboundEventName>(name: Name, { detail }: BusEvent): InboundEvent<Name> => {
  const result = inboundEvents[name].safeParse(detail);
  if (result.success) return result.data as InboundEvent<Name>;
  const errors = fieldErrors(result.error);
  const reasons = errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw new AppError('invalid_request', `The event is malformed: ${reasons}`, { errors });
};

const reject = async (event: BusEvent, error: AppError, log: Log) => {
  log.warn(`event rejected: ${error.message}`, { code: error.code });
  await sendDeadLetter(event, `${error.code}: ${error.message}`);
  await commit({
    stream: systemStream,
    cause: { actor: { type: 'service', id: event.source }, requestId: event.id, source: {} },
    writes: [],
    audit: [
      {
        action: 'event.rejected',
        target: { type: 'event', id: event.id },
        after: { detailType: event['detail-type'], code: error.code },
        reason: error.message,
      },
    ],
  });
  count('eventRejected');
};

export const handler = onEvent('intake-events', intakeEvent);
