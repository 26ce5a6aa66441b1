import { Console } from 'node:console';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

const logger = new Logger({ serviceName: 'tenantry' });
const metrics = new Metrics({ namespace: 'Tenantry', serviceName: 'tenantry' });
const plain = new Console(process.stdout, process.stderr);

export const handler = async ({ tenantId }: { tenantId: string }): Promise<void> => {
  logger.info('A tenant is here', { tenantId });
  await Promise.resolve();
  plain.log('plain %s', 'text');
  plain.error('{not json');
  metrics.addMetric('RollbackFailed', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
};
