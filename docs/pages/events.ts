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

/** The page on the event catalogue. */
export const eventsPage = () =>
  page(
    '# Events',
    `All events use one EventBridge bus, \`${busName}\`. The catalogue is \`core/contract/events/catalogue.ts\`.`,
    '## Inbound events',
    'Any source may send them. Unknown fields are dropped. An event that lacks a required field, or that can never succeed, goes to the dead-letter queue and is audited as `event.rejected` with the reason. `requestId` makes the event safe to repeat: the same source, `requestId` and content create one tenant, even if the event is delivered repeatedly. Examples: [`examples/onboarding-events.json`](../examples/onboarding-events.json), ready for `aws events put-events --entries file://examples/onboarding-events.json`.',
    ...inboundSections,
    '## Outbound events',
    `Source \`${eventSource}\`; the detail-type is the action, the detail is the audit event. The audit log and the bus share one vocabulary: a rule on the bus receives exactly what the log contains, at least once and in the order of each stream.`,
    markdownTable(['Action', 'When'], actionRows),
    '## The audit event',
    `Events form one stream for each tenant, one for each flag (\`${flagStream('<key>')}\`), \`${flagSetStream}\` for imports and shared rules, and \`${systemStream}\` for everything else; \`tenantId\` names the stream. An event is written in the same transaction as the change it describes, so neither exists without the other. \`hash\` is SHA-256 over the RFC 8785 form of every other field, including \`prevHash\`: a changed, removed or moved event breaks the chain, and \`tenantry audit verify\` reports the first fault. Events never contain secrets or passwords.`,
    fieldTable(componentSchemas()['AuditEvent'] ?? {}),
  );
