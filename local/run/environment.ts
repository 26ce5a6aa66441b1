import {
  archiveBucketName,
  deadLetterQueueName,
  environment,
  rotationFunctionName,
  tenantRoleName,
  type WorkflowName,
  workflowNames,
} from '#core/contract/platform/names.ts';
import { functionSpecs, secretReaders } from '#functions/manifest.ts';
import { arnOf, localAccount, localRegion, localUserPool, roleArnOf } from '#local/aws/endpoint/names.ts';

/**
 * Points every AWS SDK client of this process at the local endpoint. Must run before the first client is made:
 * a forgotten setting would send a developer's real credentials to AWS.
 */
export const pointSdkAt = (endpointUrl: string) =>
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });

const stateMachineArn = (workflow: WorkflowName) => arnOf('states', `stateMachine:${workflow}`);

/** What a deployment gives its functions: the same variables that the CDK sets. */
export const setFunctionEnvironment = (endpointUrl: string, schemaFolder: string) => {
  Object.assign(process.env, {
    [environment.archiveBucket]: archiveBucketName,
    [environment.deadLetterQueueUrl]: `${endpointUrl}/${localAccount}/${deadLetterQueueName}`,
    [environment.applicationSchema]: schemaFolder,
    [environment.flagEventsPollMs]: '100',
    [environment.userPoolId]: localUserPool,
    [environment.tenantRoleArn]: roleArnOf(tenantRoleName),
    [environment.rotationFunctionArn]: arnOf('lambda', `function:${rotationFunctionName}`),
    [environment.secretReaderArns]: secretReaders.map(roleArnOf).join(','),
    POWERTOOLS_SERVICE_NAME: 'tenantry',
  });
  for (const workflow of workflowNames) process.env[environment.workflowArn(workflow)] = stateMachineArn(workflow);
};

/** What is known only once the gateway listens. */
export const setStreamEnvironment = (gatewayUrl: string) => {
  const { trigger } = functionSpecs['flag-events'];
  if (trigger.kind === 'response-stream') process.env[environment.flagEventsUrl] = `${gatewayUrl}${trigger.path}`;
};
