import type { Evaluation } from '#core/contract/flags.ts';
import type { OfrepEvaluation, OfrepFailure } from '#core/contract/ofrep.ts';
import type { CompiledFlagSet } from './compile-flag-set.ts';

interface Client {
  /** Whether it takes an answer without a value for "use your own default"; the oldest providers take it for a fault. */
  knowsCodeDefaults: boolean;
}

/** One evaluation as the protocol has it. */
export const ofrepAnswer = (evaluation: Evaluation, { flags }: CompiledFlagSet, client: Client): OfrepEvaluation => {
  const { key, reason, errorCode, errorDetails, overridden: _inside, ...success } = evaluation;
  if (reason === 'ERROR') {
    const { metadata } = success;
    return {
      key,
      errorCode: errorCode ?? 'GENERAL',
      ...(errorDetails !== undefined && { errorDetails }),
      ...(metadata && { metadata }),
    };
  }
  if (success.value !== undefined || client.knowsCodeDefaults) return { key, reason, ...success };
  const record = flags.get(key)?.record;
  const variant = record?.defaultVariant;
  if (typeof variant !== 'string') return { key, reason, ...success };
  return { key, reason, ...success, variant, value: record?.variants[variant] };
};

/** The status of a single evaluation; a failure of one flag among many has none of its own. */
export const ofrepStatus = (answer: OfrepEvaluation): 200 | 400 | 404 => {
  if (!('errorCode' in answer)) return 200;
  return answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
};

/** What is wrong with the targeting key: one that is left out stands for the tenant itself. */
export const targetingKeyFault = (context: Readonly<Record<string, unknown>>): OfrepFailure | undefined => {
  const { targetingKey } = context;
  if (targetingKey === '') {
    return {
      errorCode: 'TARGETING_KEY_MISSING',
      errorDetails: 'targetingKey is empty; leave it out to target the tenant.',
    };
  }
  return targetingKey === undefined || targetingKey === null || typeof targetingKey === 'string'
    ? undefined
    : { errorCode: 'INVALID_CONTEXT', errorDetails: 'targetingKey must be text.' };
};
