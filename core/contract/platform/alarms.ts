/** The CloudWatch namespace of every metric the functions emit. */
export const metricNamespace = 'Tenantry';

/** Metrics that functions count, each beside what it tells. */
export const metricNames = {
  rollbackFailed: 'RollbackFailed',
  operationStuck: 'OperationStuck',
  eventRejected: 'EventRejected',
  deadLetters: 'DeadLetters',
  flagEvaluations: 'FlagEvaluations',
  rotationFailed: 'RotationFailed',
  requestsRefused: 'RequestsRefused',
  limitsUnavailable: 'LimitsUnavailable',
} as const;

/** Alarms made from those metrics: raised as soon as one is counted within `minutes`. */
export const alarms = {
  'rollback-failed': {
    metric: metricNames.rollbackFailed,
    minutes: 1,
    about: 'A roll-back failed: something of a tenant is left. reconcile-operations tries again every minute.',
  },
  'operation-stuck': {
    metric: metricNames.operationStuck,
    minutes: 5,
    about:
      'An operation does not get on: restarted three times or more, ended as failed, or of an unknown kind. The log of reconcile-operations names it.',
  },
  'event-rejected': {
    metric: metricNames.eventRejected,
    minutes: 5,
    about: 'An event on the bus was malformed or refused: it lies in the dead-letter queue.',
  },
  'dead-letters': {
    metric: metricNames.deadLetters,
    minutes: 5,
    about: 'An asynchronous delivery failed for good: it lies in the dead-letter queue.',
  },
  'rotation-failed': {
    metric: metricNames.rotationFailed,
    minutes: 5,
    about: "The rotation of a tenant's secret failed: the old one goes on, and Secrets Manager tries again.",
  },
} as const;
export type AlarmName = keyof typeof alarms;
