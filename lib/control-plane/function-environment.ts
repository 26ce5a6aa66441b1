import type { Stack } from 'aws-cdk-lib';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  deadLetterQueueName,
  environment,
  rotationFunctionName,
  tenantRoleName,
  workflowNames,
} from '#core/contract/platform/names.ts';
import { type FunctionName, functionSpecs, secretReaders } from '#functions/manifest.ts';
import { deployedSchema } from '#lib/bundles.ts';
import { deployedBucketName, deployedRoleName, functionArn, roleArn, workflowArn } from '#lib/iam/arns.ts';

/** The environment variables of a function, derived from its access. */
export const environmentOf = (stack: Stack, name: FunctionName, userPool?: UserPool): Record<string, string> => {
  const { access, network, trigger } = functionSpecs[name];
  const schema = deployedSchema(name);
  const workflows = workflowNames.filter((workflow) => access.executions?.[workflow]);
  const secretVerbs: readonly string[] = access.secrets?.tenants ?? [];
  return {
    ...(secretVerbs.includes('rotate') && {
      [environment.rotationFunctionArn]: functionArn(stack, rotationFunctionName),
    }),
    ...(secretVerbs.includes('guard') && {
      [environment.tenantRoleArn]: roleArn(stack, tenantRoleName),
      [environment.secretReaderArns]: secretReaders
        .map((reader) => roleArn(stack, deployedRoleName(stack, reader)))
        .join(','),
    }),
    ...(access.archive && { [environment.archiveBucket]: deployedBucketName(stack) }),
    ...(access.deadLetters && { [environment.deadLetterQueueUrl]: queueUrl(stack) }),
    ...(trigger.kind === 'response-stream' && { [environment.flagEventsPollMs]: flagEventsPollMs }),
    ...(access.tenantScope === 'assume' && { [environment.tenantRoleArn]: roleArn(stack, tenantRoleName) }),
    ...(access.identities && userPool && { [environment.userPoolId]: userPool.userPoolId }),
    ...(schema && { [environment.applicationSchema]: schema }),
    ...Object.fromEntries(
      workflows.map((workflow) => [environment.workflowArn(workflow), workflowArn(stack, workflow)]),
    ),
    // Lambda's CA bundle includes the authorities of RDS; Node.js 20 and later do not load it by default.
    ...(network === 'shards' && { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' }),
  };
};

/** Twice a second: clients see a change within 1 s, and an hour of an open stream costs 7,200 polls of three small reads. */
const flagEventsPollMs = '500';

const queueUrl = (stack: Stack) =>
  `https://sqs.${stack.region}.${stack.urlSuffix}/${stack.account}/${deadLetterQueueName}`;
