import { ErrorCode, type EvaluationContext } from '@openfeature/core';
import type { Evaluation, TenantFacts } from '#core/contract/model/flags.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import { type CompiledFlag, type CompiledFlagSet, quietLogger } from './compile-flag-set.ts';
import { entryOf } from './flag-set.ts';

/** Flag key → the variant fixed for one tenant. */
export type Overrides = Readonly<Record<string, string>>;

/** What rules may see of a tenant. */
export const factsOf = ({ tenantId, slug, tier, isolation, region, status, metadata }: Tenant): TenantFacts => ({
  tenantId,
  slug,
  tier,
  isolation,
  region,
  status,
  metadata,
});

/** The caller's context with the tenant's facts over it: nobody can claim to be another tenant or of another tier. */
export const contextOf = (tenant: TenantFacts, given: Readonly<Record<string, unknown>> = {}): EvaluationContext => {
  const context = { ...given, ...tenant, targetingKey: given['targetingKey'] ?? tenant.tenantId };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- flagd's rules take any JSON; OpenFeature types less
  return context as unknown as EvaluationContext;
};

/**
 * One flag for one tenant, in the order: disabled, prerequisite unmet, override, targeting, default. An unmet
 * prerequisite counts as disabled, and `metadata.prerequisite` names it.
 */
export const evaluateFlag = (
  compiled: CompiledFlagSet,
  key: string,
  overrides: Overrides,
  context: EvaluationContext,
): Evaluation => evaluator(compiled, overrides, context)(key);

/** Every flag of the set for one tenant, or those named, in this order; each is evaluated once. */
export const evaluateFlags = (
  compiled: CompiledFlagSet,
  overrides: Overrides,
  context: EvaluationContext,
  keys: readonly string[] = [...compiled.flags.keys()].toSorted(),
): Evaluation[] => keys.map(evaluator(compiled, overrides, context));

/** Remembers what it evaluated: flags may share their prerequisites. */
const evaluator = ({ flags }: CompiledFlagSet, overrides: Overrides, context: EvaluationContext) => {
  const known = new Map<string, Evaluation>();
  const evaluate = (key: string): Evaluation => {
    const before = known.get(key);
    if (before) return before;
    const flag = flags.get(key);
    const evaluation = flag ? evaluateCompiled(key, flag) : notFound(key);
    known.set(key, evaluation);
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

const notFound = (key: string): Evaluation => ({
  key,
  reason: 'ERROR',
  errorCode: 'FLAG_NOT_FOUND',
  errorDetails: `There is no flag "${key}".`,
  overridden: false,
});
