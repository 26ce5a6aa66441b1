import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricNamespace } from '#core/contract/platform/alarms.ts';

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

/**
 * The log of one invocation: its keys go with every line, so that two that run side by side never share one. They are
 * handed over with the line, since to make a logger for each invocation costs more than the line itself.
 */
class InvocationLog {
  readonly #keys: LogKeys;

  constructor(keys: LogKeys) {
    this.#keys = keys;
  }

  /** Writes a line, with attributes of its own or the error that it tells of; so do the others. */
  info(message: string, extra?: Extra): void {
    logger.info(message, this.#attributes(extra));
  }

  warn(message: string, extra?: Extra): void {
    logger.warn(message, this.#attributes(extra));
  }

  error(message: string, extra?: Extra): void {
    logger.error(message, this.#attributes(extra));
  }

  #attributes(extra: Extra = {}) {
    return { ...this.#keys, ...(extra instanceof Error ? { error: extra } : extra) };
  }
}
export type Log = Pick<InvocationLog, 'info' | 'warn' | 'error'>;

export const logFor = (keys: LogKeys): Log => new InvocationLog(keys);

/**
 * Counts one of a metric, or as many as are told, at once and alone, so that invocations side by side do not mix;
 * `by` sets it apart, as by tenant.
 */
export const count = (metric: keyof typeof metricNames, times = 1, by: Record<string, string> = {}) =>
  metrics.singleMetric().addDimensions(by).addMetric(metricNames[metric], MetricUnit.Count, times);
