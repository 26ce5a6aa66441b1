import * as z from 'zod';

/** An evaluation request. Other fields are ignored, so that newer clients work. */
export const ofrepRequestSchema = z.looseObject({
  /** `targetingKey` and the attributes that rules use; the tenant's facts are added, and override what is sent. */
  context: z.record(z.string(), z.unknown()).nullish(),
});
export type OfrepRequest = z.infer<typeof ofrepRequestSchema>;

/** Parameters that a client copies from a stream event into the request that follows it. */
export const ofrepBulkQuerySchema = z.looseObject({
  flagConfigEtag: z.string().max(256).optional(),
  flagConfigLastModified: z.string().max(64).optional(),
});

const metadataSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const ofrepSuccessSchema = z.object({
  key: z.string(),
  /** Absent: the application's own default applies. */
  value: z.unknown().optional(),
  reason: z.enum(['STATIC', 'TARGETING_MATCH', 'DEFAULT', 'DISABLED']),
  variant: z.string().optional(),
  metadata: metadataSchema.optional(),
});

const ofrepErrorCodes = [
  'PARSE_ERROR',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'GENERAL',
  'FLAG_NOT_FOUND',
] as const;

export const ofrepFailureSchema = z.object({
  /** Absent if all flags were requested. */
  key: z.string().optional(),
  errorCode: z.enum(ofrepErrorCodes),
  errorDetails: z.string().optional(),
  metadata: metadataSchema.optional(),
});
export type OfrepFailure = z.infer<typeof ofrepFailureSchema>;

export const ofrepBulkSchema = z.object({
  flags: z.array(z.union([ofrepSuccessSchema, ofrepFailureSchema.required({ key: true })])),
  /** `version` is that of the evaluated flag set. */
  metadata: metadataSchema,
  eventStreams: z.array(z.object({ type: z.literal('sse'), url: z.string(), inactivityDelaySec: z.int().min(1) })),
});
export type OfrepBulk = z.infer<typeof ofrepBulkSchema>;
export type OfrepEvaluation = OfrepBulk['flags'][number];

/** An event of the stream: the client's evaluations may be outdated. */
export const flagEventSchema = z.object({
  type: z.literal('refetchEvaluation'),
  /** Sent as `flagConfigEtag` in the request that follows. */
  etag: z.string(),
});
export type FlagEvent = z.infer<typeof flagEventSchema>;
