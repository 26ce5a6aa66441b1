import { secretCallPattern, secretEventPattern } from '#core/contract/platform/cloudtrail.ts';
import { busName, tenantSecretsPrefix } from '#core/contract/platform/names.ts';
import type { EventPattern, FunctionSpec } from '#functions/function-spec.ts';
import { arnOf } from '#local/aws/endpoint/names.ts';
import { compilePattern, type Matches } from './pattern.ts';

/** A rule of a bus and the one function it calls. */
export interface Rule {
  name: string;
  bus: string;
  pattern: Readonly<Record<string, unknown>>;
  matches: Matches;
  functionName: string;
}

/** The buses: the product's own, and AWS's, which has the events of Step Functions and CloudTrail. */
export const buses = [busName, 'default'] as const;

const tenantSecretArns = { prefix: arnOf('secretsmanager', `secret:${tenantSecretsPrefix}`) };

const patternOf = (pattern: EventPattern): Record<string, unknown> => {
  if (pattern.bus === 'tenantry') return { 'detail-type': pattern.detailTypes };
  if ('secretCalls' in pattern) return secretCallPattern(pattern.secretCalls, tenantSecretArns);
  if ('secretEvents' in pattern) return secretEventPattern(pattern.secretEvents, tenantSecretArns);
  return {
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: pattern.statuses,
      stateMachineArn: pattern.executionsOf.map((workflow) => arnOf('states', `stateMachine:${workflow}`)),
    },
  };
};

/** A rule for every function of the manifest that an event triggers; rule and function share their name. */
export const rulesOf = (specs: Readonly<Record<string, Pick<FunctionSpec, 'trigger'>>>): Rule[] =>
  Object.entries(specs).flatMap(([name, { trigger }]) => {
    if (trigger.kind !== 'event') return [];
    const pattern = patternOf(trigger.pattern);
    return [{ name, bus: trigger.pattern.bus, pattern, matches: compilePattern(pattern), functionName: name }];
  });

export const ruleArn = ({ bus, name }: Rule) =>
  arnOf('events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);

export const targetArn = ({ functionName }: Rule) => arnOf('lambda', `function:${functionName}`);
