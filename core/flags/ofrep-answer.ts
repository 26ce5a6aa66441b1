import type { OfrepEvaluation, OfrepFailure } from '#core/contract/api/ofrep.ts';
import type { Evaluation } from '#core/contract/model/flags.ts';
import type { CompiledFlagSet } from './compile-flag-set.ts';

interface Client {
  /** Whether it treats an absent value as "use your own default"; the oldest providers treat it as an error. */
  knowsCodeDefaults: boolean;
}

/** One evaluation in the protocol's format. */
export const ofrepAnswer = (evaluation: Evaluation, { flags }: CompiledFlagSet, client: Client): OfrepEvaluation => {
  const { key, reason, value, variant, errorCode = 'GENERAL', errorDetails, metadata = {} } = evaluation;
  const about = Object.keys(metadata).length > 0 ? { metadata } : {};
  if (reason === 'ERROR') return { key, errorCode, ...(errorDetails !== undefined && { errorDetails }), ...about };
  if (value !== undefined) return { key, reason, value, ...(variant !== undefined && { variant }), ...about };
  const record = flags.get(key)?.record;
  const fallback = client.knowsCodeDefaults ? undefined : record?.defaultVariant;
  if (typeof fallback !== 'string') return { key, reason, ...about };
  return { key, reason, value: record?.variants[fallback], variant: fallback, ...about };
};

/** The HTTP status of a single evaluation. */
export const ofrepStatus = (answer: OfrepEvaluation): 200 | 400 | 404 => {
  if (!('errorCode' in answer)) return 200;
  return answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
};

/** The error in the targeting key, if any. An absent key stands for the tenant itself. */
export const targetingKeyError = ({ targetingKey }: Readonly<Record<string, unknown>>): OfrepFailure | undefined => {
  if (targetingKey === undefined || targetingKey === null) return undefined;
  if (typeof targetingKey !== 'string') {
    return { errorCode: 'INVALID_CONTEXT', errorDetails: 'targetingKey must be a string.' };
  }
  const errorDetails = 'targetingKey is empty; omit it to target the tenant.';
  return targetingKey === '' ? { errorCode: 'TARGETING_KEY_MISSING', errorDetails } : undefined;
};
