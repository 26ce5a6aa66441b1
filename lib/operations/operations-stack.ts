import { Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { ControlPlaneStack } from '#lib/control-plane/control-plane-stack.ts';
import { alarmTable } from './alarm-table.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { OperationsDashboard } from './dashboard.ts';

export interface OperationsProps extends StackProps {
  controlPlane: ControlPlaneStack;
  alarmEmail?: string;
}

/** Alarms, their notification topic and the dashboard. */
export class OperationsStack extends Stack {
  readonly dashboard: OperationsDashboard;

  constructor(scope: Construct, id: string, { controlPlane, alarmEmail, ...props }: OperationsProps) {
    super(scope, id, props);
    const { topic } = new AlarmTopic(this, 'AlarmTopic', { ...(alarmEmail && { email: alarmEmail }) });
    const alarms = alarmTable(controlPlane).map(({ name, about, metric, above, periods }) => {
      const alarm = new Alarm(this, name, {
        alarmName: `tenantry-${name}`,
        alarmDescription: about,
        metric,
        threshold: above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: periods,
        // Metrics are only emitted when something happens.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      return alarm;
    });
    this.dashboard = new OperationsDashboard(this, 'Dashboard', controlPlane, alarms);
  }
}
