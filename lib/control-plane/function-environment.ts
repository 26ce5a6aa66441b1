import type { Stack } from 'aws-cdk-lib';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  deadLetterQueueName,
  environment,
  rotationFunctionName,
  tenantRoleName,
  workflowNames,
} from '#core/contract/platform/names.ts';
import { variablesOf } from '#functions/function-spec.ts';
import { type FunctionName, functionSpecs, secretReaders } from '#functions/manifest.ts';
import { deployedSchema } from '#lib/bundles.ts';
import { deployedBucketName, deployedRoleName, functionArn, roleArn, workflowArn } from '#lib/iam/arns.ts';

/** Twice a second: clients see a change within 1 s, and an hour of an open stream costs 7,200 polls of three small reads. */
const flagEventsPollMs = '500';

const queueUrl = (stack: Stack) =>
  `https://sqs.${stack.region}.${stack.urlSuffix}/${stack.account}/${deadLetterQueueName}`;

/** Every variable that the deployment knows; the address of a stream is set once its function has a URL. */
const valuesOf = (stack: Stack, userPool: UserPool | undefined): Record<string, string | undefined> => ({
  [environment.rotationFunctionArn]: functionArn(stack, rotationFunctionName),
  [environment.tenantRoleArn]: roleArn(stack, tenantRoleName),
  [environment.secretReaderArns]: secretReaders.map((name) => roleArn(stack, deployedRoleName(stack, name))).join(','),
  [environment.archiveBucket]: deployedBucketName(stack),
  [environment.deadLetterQueueUrl]: queueUrl(stack),
  [environment.flagEventsPollMs]: flagEventsPollMs,
  [environment.userPoolId]: userPool?.userPoolId,
  [environment.applicationSchema]: deployedSchema,
  ...Object.fromEntries(workflowNames.map((name) => [environment.workflowArn(name), workflowArn(stack, name)])),
});

/** The environment of a function: the variables that it reads, and no others. */
export const environmentOf = (stack: Stack, name: FunctionName, userPool?: UserPool): Record<string, string> => {
  const spec = functionSpecs[name];
  const values = valuesOf(stack, userPool);
  const known = variablesOf(spec).flatMap((variable) => {
    const value = values[variable];
    return value === undefined ? [] : [[variable, value]];
  });
  return {
    ...Object.fromEntries(known),
    // Lambda's CA bundle includes the authorities of RDS; Node.js 20 and later do not load it by default.
    ...(spec.network === 'shards' && { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' }),
  };
};
