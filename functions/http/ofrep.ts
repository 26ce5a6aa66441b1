import type { OfrepBulk, OfrepRequest } from '#core/contract/api/ofrep.ts';
import { environment } from '#core/contract/platform/names.ts';
import { contextOf, evaluateFlag, evaluateFlags } from '#core/flags/evaluate-flags.ts';
import { answerEtag, isNamedBy } from '#core/flags/flag-etags.ts';
import { ofrepAnswer, ofrepStatus, targetingKeyError } from '#core/flags/ofrep-answer.ts';
import { streamTicket } from '#core/flags/stream-ticket.ts';
import { servedFlags } from '#functions/flags/served-flags.ts';
import { http } from '#functions/shell/http.ts';
import { ofrepRefusal } from '#functions/shell/ofrep-refusal.ts';
import { Tally } from '#functions/shell/tally.ts';
import { now } from '#stores/aws/clock.ts';
import { setting } from '#stores/aws/environment.ts';
import { readTicketKey } from '#stores/flags/ticket-key.ts';

type Headers = Record<string, string | undefined>;

const clientOf = (headers: Headers) => ({ knowsCodeDefaults: headers['x-code-defaults'] !== 'unsupported' });
const contextOfRequest = ({ context }: OfrepRequest) => context ?? {};

const evaluationTally = new Tally('flagEvaluations');

/** Seconds after which a hidden page closes its stream. */
const inactivityDelaySec = 120;

const eventStreamOf = async (tenantId: string) => {
  const ticket = streamTicket(tenantId, await readTicketKey(), now());
  const url = `${setting(environment.flagEventsUrl)}?ticket=${encodeURIComponent(ticket)}`;
  return { type: 'sse' as const, url, inactivityDelaySec };
};

export const handler = http(
  'ofrep-api',
  {
    evaluateFlag: async ({ principal, params, headers, body }) => {
      const key = params['key'] ?? '';
      const context = contextOfRequest(body);
      const violation = targetingKeyError(context);
      if (violation) return { status: 400, body: { key, ...violation } };
      const tenantId = principal.tenantId ?? '';
      const { flags, facts, overrides } = await servedFlags(tenantId);
      evaluationTally.add({ tenant: tenantId });
      const evaluation = evaluateFlag(flags, key, overrides, contextOf(facts, context));
      const answer = ofrepAnswer(evaluation, flags, clientOf(headers));
      return { status: ofrepStatus(answer), body: answer };
    },

    evaluateFlags: async ({ principal, query, headers, body }) => {
      const context = contextOfRequest(body);
      const violation = targetingKeyError(context);
      if (violation) return { status: 400, body: violation };
      const tenantId = principal.tenantId ?? '';
      const announced = query.flagConfigEtag ?? query.flagConfigLastModified;
      const { flags, facts, overrides, etag: config } = await servedFlags(tenantId, announced);
      const evaluations = evaluateFlags(flags, overrides, contextOf(facts, context));
      evaluationTally.add({ tenant: tenantId }, evaluations.length);
      const { set } = flags;
      const answer: OfrepBulk = {
        flags: evaluations.map((evaluation) => ofrepAnswer(evaluation, flags, clientOf(headers))),
        metadata: { ...set.metadata, version: String(set.version), bucketing: set.bucketing },
        eventStreams: [await eventStreamOf(tenantId)],
      };
      const text = JSON.stringify(answer);
      const etag = answerEtag(config, context, text);
      const isAsAnnounced = query.flagConfigEtag === undefined || query.flagConfigEtag === config;
      const isUnchanged = isAsAnnounced && isNamedBy(headers['if-none-match'], etag);
      return isUnchanged ? { status: 304, headers: { etag } } : { status: 200, body: text, headers: { etag } };
    },
  },
  { refusal: ofrepRefusal },
);
