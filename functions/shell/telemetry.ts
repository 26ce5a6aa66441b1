import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricNamespace } from '#core/contract/platform/alarms.ts';

const logger = new Logger({ serviceName: 'tenantry' });
const metrics = new Metrics({ namespace: metricNamespace, serviceName: 'tenantry' });

/** Carried by every line of one invocation. */
export interface LogKeys {
  function: string;
  requestId: string;
  tenantId?: string | undefined;
  operationId?: string | undefined;
}

/** Writes one line, with additional attributes or the error it reports. */
type WriteLine = (message: string, extra?: Readonly<Record<string, unknown>> | Error) => void;
export type Log = Record<'info' | 'warn' | 'error', WriteLine>;

/**
 * The log of one invocation. Concurrent invocations share the logger, so the keys are passed with each line: a child
 * logger for each invocation would take 105 µs, as long as a whole flag evaluation.
 */
export const logFor = (keys: LogKeys): Log => {
  const lineAt =
    (level: keyof Log): WriteLine =>
    (message, extra = {}) =>
      logger[level](message, { ...keys, ...(extra instanceof Error ? { error: extra } : extra) });
  return { info: lineAt('info'), warn: lineAt('warn'), error: lineAt('error') };
};

/** Adds to a metric at once, in a line of its own, so that concurrent invocations do not mix; `dimensions` split it, as by tenant. */
export const count = (metric: keyof typeof metricNames, times = 1, dimensions: Readonly<Record<string, string>> = {}) =>
  metrics.singleMetric().addDimensions(dimensions).addMetric(metricNames[metric], MetricUnit.Count, times);
