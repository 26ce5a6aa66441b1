import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricNamespace } from '#core/contract/alarms.ts';

const logger = new Logger({ serviceName: 'tenantry' });
const metrics = new Metrics({ namespace: metricNamespace, serviceName: 'tenantry' });

/** What every line of one invocation carries. */
export interface LogKeys {
  function: string;
  requestId: string;
  tenantId?: string | undefined;
  operationId?: string | undefined;
}

type Extra = Readonly<Record<string, unknown>> | Error;

/** Writes a line, with attributes of its own or the error that it tells of. */
type Line = (message: string, extra?: Extra) => void;
export type Log = Readonly<Record<'info' | 'warn' | 'error', Line>>;

/**
 * The log of one invocation: its keys go with every line, so that two that run side by side never share one. They are
 * handed over with the line, since to make a logger for each invocation costs more than the line itself.
 */
export const logFor = (keys: LogKeys): Log => {
  const attributes = (extra: Extra = {}) => ({ ...keys, ...(extra instanceof Error ? { error: extra } : extra) });
  return {
    info: (message, extra) => logger.info(message, attributes(extra)),
    warn: (message, extra) => logger.warn(message, attributes(extra)),
    error: (message, extra) => logger.error(message, attributes(extra)),
  };
};

/**
 * Counts one of a metric, or as many as are told, at once and alone, so that invocations side by side do not mix;
 * `by` sets it apart, as by tenant.
 */
export const count = (metric: keyof typeof metricNames, times = 1, by: Record<string, string> = {}) =>
  metrics.singleMetric().addDimensions(by).addMetric(metricNames[metric], MetricUnit.Count, times);
