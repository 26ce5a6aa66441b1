import { ErrorCode, type EvaluationContext } from '@openfeature/core';
import type { Evaluation, TenantFacts } from '#core/contract/model/flags.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { type CompiledFlag, type CompiledFlagSet, quietLogger } from './compile-flag-set.ts';
import { entryOf } from './flag-set.ts';

/** Flag key → the variant that overrides the rule for one tenant. */
export type Overrides = Readonly<Record<string, string>>;

/** The tenant attributes that rules may use. */
export const factsOf = ({ tenantId, slug, tier, isolation, region, status, metadata }: Tenant): TenantFacts => ({
  tenantId,
  slug,
  tier,
  isolation,
  region,
  status,
  metadata,
});

/** The caller's context, overridden by the tenant's facts: no caller can claim to be another tenant or tier. */
export const contextOf = (tenant: TenantFacts, sent: Readonly<Record<string, unknown>> = {}): EvaluationContext => {
  const context = { ...sent, ...tenant, targetingKey: sent['targetingKey'] ?? tenant.tenantId };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- flagd's rules accept any JSON; OpenFeature's type is narrower
  return context as unknown as EvaluationContext;
};

/**
 * Evaluates one flag for one tenant, in this order: disabled, unmet prerequisite, override, targeting, default. An unmet
 * prerequisite counts as disabled, and `metadata.prerequisite` names it.
 */
export const evaluateFlag = (
  compiled: CompiledFlagSet,
  key: string,
  overrides: Overrides,
  context: EvaluationContext,
): Evaluation => evaluator(compiled, overrides, context)(key);

/** Evaluates every flag, ordered by key, or those of `keys` in their order, for one tenant; each flag is evaluated once. */
export const evaluateFlags = (
  compiled: CompiledFlagSet,
  overrides: Overrides,
  context: EvaluationContext,
  keys: readonly string[] = [...compiled.flags.keys()],
): Evaluation[] => keys.map(evaluator(compiled, overrides, context));

/** Caches evaluations, since flags may share prerequisites. */
const evaluator = ({ flags }: CompiledFlagSet, overrides: Overrides, context: EvaluationContext) => {
  const evaluated = new Map<string, Evaluation>();
  const evaluate = (key: string): Evaluation => {
    const cached = evaluated.get(key);
    if (cached) return cached;
    const flag = flags.get(key);
    const evaluation = flag ? evaluateCompiled(key, flag) : flagNotFound(key);
    evaluated.set(key, evaluation);
    return evaluation;
  };
  const evaluateCompiled = (key: string, { record, engine }: CompiledFlag): Evaluation => {
    const { metadata } = engine;
    if (record.state === 'DISABLED') return { key, reason: 'DISABLED', metadata, overridden: false };
    const unmet = record.prerequisites?.find(({ flag, variant }) => evaluate(flag).variant !== variant);
    if (unmet) {
      return { key, reason: 'DISABLED', metadata: { ...metadata, prerequisite: unmet.flag }, overridden: false };
    }
    const variant = entryOf(overrides, key);
    if (variant !== undefined && Object.hasOwn(record.variants, variant)) {
      return { key, value: record.variants[variant], variant, reason: 'TARGETING_MATCH', metadata, overridden: true };
    }
    return resolved(key, engine.evaluate(context, quietLogger), metadata);
  };
  return evaluate;
};

type Resolution = ReturnType<CompiledFlag['engine']['evaluate']>;

const resolved = (key: string, resolution: Resolution, metadata: Evaluation['metadata']): Evaluation => {
  if (resolution.reason === 'ERROR') {
    const errorCode = resolution.errorCode === ErrorCode.PARSE_ERROR ? 'PARSE_ERROR' : 'GENERAL';
    const errorDetails = resolution.errorMessage;
    return { key, reason: 'ERROR', errorCode, ...(errorDetails && { errorDetails }), metadata, overridden: false };
  }
  const { value, variant } = resolution;
  const reason = resolution.reason as 'STATIC' | 'TARGETING_MATCH' | 'DEFAULT';
  return {
    key,
    ...(value !== undefined && { value }),
    ...(variant !== undefined && { variant }),
    reason,
    metadata,
    overridden: false,
  };
};

const flagNotFound = (key: string): Evaluation => ({
  key,
  reason: 'ERROR',
  errorCode: 'FLAG_NOT_FOUND',
  errorDetails: `There is no flag "${key}".`,
  overridden: false,
});
