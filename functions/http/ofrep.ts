import type { OfrepBulk, OfrepRequest } from '#core/contract/api/ofrep.ts';
import { environment } from '#core/contract/platform/names.ts';
import type { CompiledFlagSet } from '#core/flags/compile-flag-set.ts';
import { contextOf, evaluateFlag, evaluateFlags } from '#core/flags/evaluate-flags.ts';
import { answerEtag, isNamedBy } from '#core/flags/flag-etags.ts';
import { ofrepAnswer, ofrepStatus, targetingKeyError } from '#core/flags/ofrep-answer.ts';
import { streamTicket } from '#core/flags/stream-ticket.ts';
import { countEvaluations } from '#functions/flags/evaluation-counts.ts';
import { servedFlags } from '#functions/flags/served-flags.ts';
import { http } from '#functions/shell/http.ts';
import { ofrepRefusal } from '#functions/shell/ofrep-refusal.ts';
import { now } from '#stores/aws/clock.ts';
import { setting } from '#stores/aws/environment.ts';
import { readTicketKey } from '#stores/flags/ticket-key.ts';

type Headers = Record<string, string | undefined>;

const clientOf = (headers: Headers) => ({ knowsCodeDefaults: headers['x-code-defaults'] !== 'unsupported' });
const contextGiven = ({ context }: OfrepRequest) => context ?? {};

let sorted: { flags: CompiledFlagSet | undefined; keys: readonly string[] } = { flags: undefined, keys: [] };

/** The keys of a set in their order, sorted once for each set. */
const keysOf = (flags: CompiledFlagSet) => {
  if (sorted.flags !== flags) sorted = { flags, keys: [...flags.flags.keys()].toSorted() };
  return sorted.keys;
};

/** A page that nobody looks at lets its stream go after two minutes. */
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
      const given = contextGiven(body);
      const fault = targetingKeyError(given);
      if (fault) return { status: 400, body: { key, ...fault } };
      const tenantId = principal.tenantId ?? '';
      const { flags, facts, overrides } = await servedFlags(tenantId);
      countEvaluations(tenantId, 1);
      const evaluation = evaluateFlag(flags, key, overrides, contextOf(facts, given));
      const answer = ofrepAnswer(evaluation, flags, clientOf(headers));
      return { status: ofrepStatus(answer), body: answer };
    },

    evaluateFlags: async ({ principal, query, headers, body }) => {
      const given = contextGiven(body);
      const fault = targetingKeyError(given);
      if (fault) return { status: 400, body: fault };
      const tenantId = principal.tenantId ?? '';
      const announced = query.flagConfigEtag ?? query.flagConfigLastModified;
      const { flags, facts, overrides, etag: config } = await servedFlags(tenantId, announced);
      const evaluations = evaluateFlags(flags, overrides, contextOf(facts, given), keysOf(flags));
      countEvaluations(tenantId, evaluations.length);
      const { set } = flags;
      const answer: OfrepBulk = {
        flags: evaluations.map((evaluation) => ofrepAnswer(evaluation, flags, clientOf(headers))),
        metadata: { ...set.metadata, version: String(set.version), bucketing: set.bucketing },
        eventStreams: [await eventStreamOf(tenantId)],
      };
      const text = JSON.stringify(answer);
      const etag = answerEtag(config, given, text);
      const isAsAnnounced = query.flagConfigEtag === undefined || query.flagConfigEtag === config;
      const isUnchanged = isAsAnnounced && isNamedBy(headers['if-none-match'], etag);
      return isUnchanged ? { status: 304, headers: { etag } } : { status: 200, body: text, headers: { etag } };
    },
  },
  // It waits for hardly anything, and a timer would be a tenth of an evaluation.
  { refusal: ofrepRefusal, timeoutEarlyInMillis: 0 },
);
