import { componentSchemas, inlineSchema } from '#core/contract/api/openapi-schemas.ts';
import { actions, flagSetStream, flagStream, inboundEvents, systemStream } from '#core/contract/events/catalogue.ts';
import { busName, eventSource } from '#core/contract/platform/names.ts';
import { fieldTable } from './fields.ts';
import { code, markdownTable, page } from './markdown.ts';

const inboundSections = Object.entries(inboundEvents).flatMap(([name, schema]) => [
  `### \`${name}\``,
  fieldTable(inlineSchema(schema)),
]);

const actionRows = Object.entries(actions).map(([name, { about }]) => [code(name), about]);

/** The event catalogue: what may be put on the bus, and what comes back on it. */
export const eventsPage = () =>
  page(
    '# Events',
    `Everything passes over one EventBridge bus, \`${busName}\`. The catalogue is \`core/contract/events/catalogue.ts\`.`,
    '## What others put on the bus',
    'Any source may ask. Fields that are not listed are left out; an event that lacks one, or that can never be carried out, is kept in the dead-letter queue and audited as `event.rejected` with the reason. `requestId` makes the event safe to repeat: the same source, `requestId` and content make one tenant, however often the event is delivered. Examples: [`examples/onboarding-events.json`](../examples/onboarding-events.json), ready for `aws events put-events --entries file://examples/onboarding-events.json`.',
    ...inboundSections,
    '## What Tenantry puts on the bus',
    `Source \`${eventSource}\`; the detail-type is the action, the detail the audit event itself. One vocabulary serves the audit log and the bus: a rule on the bus sees exactly what the log holds, at least once and in the order of each stream.`,
    markdownTable(['Action', 'When'], actionRows),
    '## The audit event',
    `Events form one stream for each tenant, one for each flag (\`${flagStream('<key>')}\`), \`${flagSetStream}\` for imports and shared rules, and \`${systemStream}\` for what belongs to none of them; \`tenantId\` names the stream. An event is written in the same transaction as the change it tells of, so neither exists without the other. \`hash\` is SHA-256 over the RFC 8785 form of every other field, \`prevHash\` among them: a changed, dropped or moved event breaks the chain, and \`tenantry audit verify\` names the first place where it does. No secret and no password is ever part of an event.`,
    fieldTable(componentSchemas()['AuditEvent'] ?? {}),
  );
