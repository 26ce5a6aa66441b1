import {
  archiveBucketName,
  deadLetterQueueName,
  environment,
  rotationFunctionName,
  tenantRoleName,
  workflowNames,
} from '#core/contract/platform/names.ts';
import { variablesOf } from '#functions/function-spec.ts';
import { functionSpecs, secretReaders } from '#functions/manifest.ts';
import { arnOf, localAccount, localRegion, localUserPool, roleArnOf } from '#local/aws/endpoint/names.ts';
import { currentCaller } from '#local/aws/lambda/caller.ts';

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
    POWERTOOLS_SERVICE_NAME: 'tenantry',
  });

/** The values of the variables that functions read. */
export const functionVariables = (endpointUrl: string, schemaFolder: string): Record<string, string> => ({
  [environment.archiveBucket]: archiveBucketName,
  [environment.deadLetterQueueUrl]: `${endpointUrl}/${localAccount}/${deadLetterQueueName}`,
  [environment.applicationSchema]: schemaFolder,
  [environment.flagEventsPollMs]: '100',
  [environment.userPoolId]: localUserPool,
  [environment.tenantRoleArn]: roleArnOf(tenantRoleName),
  [environment.rotationFunctionArn]: arnOf('lambda', `function:${rotationFunctionName}`),
  [environment.secretReaderArns]: secretReaders.map(roleArnOf).join(','),
  ...Object.fromEntries(
    workflowNames.map((name) => [environment.workflowArn(name), arnOf('states', `stateMachine:${name}`)]),
  ),
});

/** The variable that is known only once the gateway listens. */
export const streamVariables = (gatewayUrl: string): Record<string, string> => {
  const { trigger } = functionSpecs['flag-events'];
  return trigger.kind === 'response-stream' ? { [environment.flagEventsUrl]: `${gatewayUrl}${trigger.path}` } : {};
};

/**
 * Shows each function, of these variables, only those that a deployment gives it, though all run in one process: one
 * that the manifest forgets is missing here too. The answer ends it.
 */
export const confineEnvironment = (variables: Readonly<Record<string, string>>): (() => void) => {
  const whole = process.env;
  const given = new Map(Object.entries(functionSpecs).map(([name, spec]) => [name, new Set(variablesOf(spec))]));
  process.env = new Proxy(whole, {
    set: (target, name, value) => Reflect.set(target, name, value),
    get: (target, name) => {
      if (typeof name !== 'string' || !Object.hasOwn(variables, name)) return Reflect.get(target, name);
      const caller = currentCaller();
      return caller && given.get(caller.functionName)?.has(name) ? variables[name] : undefined;
    },
  });
  return () => {
    process.env = whole;
  };
};
