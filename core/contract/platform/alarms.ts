/** The CloudWatch namespace of every metric the functions emit. */
export const metricNamespace = 'Tenantry';

/** Metrics that functions emit. */
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

/** Alarms on those metrics, each raised by a single count within `minutes`. */
export const alarms = {
  'rollback-failed': {
    metric: metricNames.rollbackFailed,
    minutes: 1,
    about: 'A roll-back failed and left resources of a tenant behind. reconcile-operations retries every minute.',
  },
  'operation-stuck': {
    metric: metricNames.operationStuck,
    minutes: 5,
    about:
      'An operation needs attention: it was restarted three times or more, ended as failed, or has an unknown kind. The log of reconcile-operations has its id.',
  },
  'event-rejected': {
    metric: metricNames.eventRejected,
    minutes: 5,
    about: 'An event on the bus was malformed or refused; it is in the dead-letter queue.',
  },
  'dead-letters': {
    metric: metricNames.deadLetters,
    minutes: 5,
    about: 'An asynchronous delivery failed permanently; it is in the dead-letter queue.',
  },
  'rotation-failed': {
    metric: metricNames.rotationFailed,
    minutes: 5,
    about: "The rotation of a tenant's secret failed. The old secret stays valid, and Secrets Manager retries.",
  },
} as const;
export type AlarmName = keyof typeof alarms;
