import { AlarmStatusWidget, Dashboard, GraphWidget, type IAlarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ControlPlaneStack } from '#lib/control-plane/control-plane-stack.ts';

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });

/** The operator's dashboard: alarms, onboardings, the API, failing functions, dead letters. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    { api, deadLetters, functions, workflows }: ControlPlaneStack,
    alarms: IAlarm[],
  ) {
    super(scope, id);
    const lambdas = Object.values(functions).map(({ lambda }) => lambda);
    const { stateMachine } = workflows['onboard-tenant'];
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: 'tenantry',
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 })],
        [
          graph('Onboardings', [
            stateMachine.metricStarted(),
            stateMachine.metricSucceeded(),
            stateMachine.metricFailed(),
          ]),
          graph('Onboarding time', [
            stateMachine.metricTime({ statistic: 'p50' }),
            stateMachine.metricTime({ statistic: 'p95' }),
          ]),
        ],
        [
          graph('API', [api.api.metricCount(), api.api.metricClientError(), api.api.metricServerError()]),
          graph('API latency', [
            api.api.metricLatency({ statistic: 'p50' }),
            api.api.metricLatency({ statistic: 'p95' }),
          ]),
        ],
        [
          graph(
            'Function errors',
            lambdas.map((lambda) => lambda.metricErrors()),
          ),
          graph('Dead letters', [deadLetters.queue.metricApproximateNumberOfMessagesVisible()]),
        ],
      ],
    });
  }
}
