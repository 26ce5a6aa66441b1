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

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * A logger of one invocation: two that run side by side never share a key. It is made when the first line is written,
 * since making one costs more than most invocations that have nothing to say.
 */
export const logFor = (keys: LogKeys): Log => {
  let child: Logger | undefined;
  const write = (level: keyof Log): Log['info'] => {
    child ??= logger.createChild({ persistentKeys: { ...keys } });
    return child[level].bind(child);
  };
  return {
    get info() {
      return write('info');
    },
    get warn() {
      return write('warn');
    },
    get error() {
      return write('error');
    },
  };
};

/**
 * Counts one of a metric, or as many as are told, at once and alone, so that invocations side by side do not mix;
 * `by` sets it apart, as by tenant.
 */
export const count = (metric: keyof typeof metricNames, times = 1, by: Record<string, string> = {}) =>
  metrics.singleMetric().addDimensions(by).addMetric(metricNames[metric], MetricUnit.Count, times);
