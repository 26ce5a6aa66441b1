import { AppError } from '#core/contract/api/errors.ts';
import {
  type InboundEventName,
  inboundEvents,
  type OnboardingEvent,
  systemStream,
} from '#core/contract/events/catalogue.ts';
import { registerAndStart } from '#functions/onboard-tenant/register.ts';
import { type BusEvent, onEvent } from '#functions/shell/event.ts';
import { isTransientError, namedError } from '#functions/shell/named-error.ts';
import { fieldErrors } from '#functions/shell/request-parts.ts';
import { count, type Log } from '#functions/shell/telemetry.ts';
import { keepDeadLetter } from '#stores/aws/dead-letters.ts';
import { commit } from '#stores/registry/commit.ts';

/** Takes what sales tooling puts on the bus. What can never be taken is kept as a dead letter and audited. */
export const intakeEvent = async (event: BusEvent, log: Log): Promise<void> => {
  try {
    const { requestId, ...request } = parsed(event);
    const actor = { type: 'service', id: event.source } as const;
    await registerAndStart({ request, idempotencyKey: requestId, cause: { actor, requestId, source: {} } });
  } catch (error) {
    const named = namedError(error);
    if (isTransientError(named) || named.code === 'internal') throw named;
    await reject(event, named, log);
  }
};

const parsed = ({ 'detail-type': name, detail }: BusEvent): OnboardingEvent => {
  const schema = inboundEvents[name as InboundEventName];
  const result = schema.safeParse(detail);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const reasons = errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw new AppError('invalid_request', `The event is malformed: ${reasons}`, { errors });
};

const reject = async (event: BusEvent, error: AppError, log: Log) => {
  log.warn(`event rejected: ${error.message}`, { code: error.code });
  await keepDeadLetter(event, `${error.code}: ${error.message}`);
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
