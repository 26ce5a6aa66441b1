import { expect, test } from 'vitest';
import { environment, ticketKeySecretName } from '#core/contract/platform/names.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { compilePattern } from '#local/aws/eventbridge/pattern.ts';
import { asText, type Resource, synthesised, target } from './synthesised.ts';

const made = synthesised();
const functions = made.resources(made.controlPlane, 'AWS::Lambda::Function');
const [queueId, queue] = made.resources(made.controlPlane, 'AWS::SQS::Queue')[0]!;
const deadLetters = `<${queueId}.Arn>`;
const functionOf = (name: string) =>
  functions.find(([, { Properties }]) => Properties.FunctionName === `tenantry-${name}`)!;
const named = (kind: string) => functionNames.filter((name) => functionSpecs[name].trigger.kind === kind);
const rulesOf = (functionId: string) =>
  made
    .resources(made.controlPlane, 'AWS::Events::Rule')
    .filter(([, { Properties }]) => target(Properties.Targets[0].Arn) === functionId);

test('the functions are those of the manifest, as it sizes them', () => {
  expect(functions).toHaveLength(functionNames.length);
  for (const name of functionNames) {
    const { seconds, memoryMb, concurrency } = functionSpecs[name];
    const { Properties } = functionOf(name)[1];
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: seconds,
      MemorySize: memoryMb,
    });
    expect(Properties.ReservedConcurrentExecutions).toBe(concurrency);
  }
});

test('no function behind the API takes longer than API Gateway waits for it, or waits for a place', () => {
  const served = named('http').map((name) => functionSpecs[name]);
  expect(served.length).toBeGreaterThan(0);
  for (const { entry, seconds, concurrency } of served) {
    expect(seconds, entry).toBeLessThanOrEqual(30);
    expect(concurrency, entry).toBeUndefined();
  }
});

test('every function is traced, and logs JSON to a log group that forgets', () => {
  const logGroups = new Map(made.resources(made.controlPlane, 'AWS::Logs::LogGroup'));
  for (const [, { Properties }] of functions) {
    expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
    expect(Properties.LoggingConfig.LogFormat).toBe('JSON');
    const logGroup = logGroups.get(target(Properties.LoggingConfig.LogGroup))!;
    expect(logGroup.Properties).toMatchObject({
      LogGroupName: `/aws/lambda/${Properties.FunctionName}`,
      RetentionInDays: 30,
    });
  }
});

test('no log group of any stack keeps its lines for ever', () => {
  for (const stack of [made.data, made.controlPlane, made.shards, made.operations]) {
    for (const [id, { Properties }] of made.resources(stack, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, id).toBeGreaterThan(0);
    }
  }
});

test('a call that nobody waits for is kept when it fails for good', () => {
  for (const name of [...named('event'), ...named('schedule')]) {
    const [id, { Properties }] = functionOf(name);
    expect(asText(Properties.DeadLetterConfig.TargetArn), name).toBe(deadLetters);
    const rules = rulesOf(id);
    expect(rules, name).toHaveLength(1);
    for (const [, rule] of rules) expect(asText(rule.Properties.Targets[0].DeadLetterConfig.Arn)).toBe(deadLetters);
  }
});

test('rules listen for what the manifest names, on the bus it names', () => {
  for (const name of [...named('event'), ...named('schedule')]) {
    const { trigger } = functionSpecs[name];
    const { Properties } = rulesOf(functionOf(name)[0])[0]![1];
    if (trigger.kind === 'schedule') expect(Properties.ScheduleExpression).toBe(trigger.rate);
    if (trigger.kind !== 'event') continue;
    expect(Properties.EventBusName === undefined).toBe(trigger.pattern.bus === 'default');
    if (trigger.pattern.bus === 'tenantry') {
      expect(Properties.EventPattern).toEqual({ 'detail-type': trigger.pattern.detailTypes });
    } else if ('executionsOf' in trigger.pattern) {
      expect(Properties.EventPattern).toMatchObject({
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: trigger.pattern.statuses },
      });
      expect(Properties.EventPattern.detail.stateMachineArn.map(asText)).toEqual(
        trigger.pattern.executionsOf.map(
          (workflow) => `arn:aws:states:us-east-1:<AWS::AccountId>:stateMachine:${workflow}`,
        ),
      );
    }
  }
});

const secretsOfTenants = 'arn:aws:secretsmanager:us-east-1:<AWS::AccountId>:secret:tenantry/tenants/';

test('reads of tenants’ secrets are heard of, though a rule in its ordinary state hears of no read', () => {
  const { Properties } = rulesOf(functionOf('record-secret-read')[0])[0]![1];
  expect(Properties.State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  const { detail, ...pattern } = Properties.EventPattern;
  expect(pattern).toEqual({ source: ['aws.secretsmanager'], 'detail-type': ['AWS API Call via CloudTrail'] });
  expect(detail.eventName).toEqual(['GetSecretValue']);
  const [byName, byArn] = detail.requestParameters.secretId;
  expect([byName.prefix, asText(byArn.prefix)]).toEqual(['tenantry/tenants/', secretsOfTenants]);
});

test('failed rotations of tenants’ secrets are settled', () => {
  const { Properties } = rulesOf(functionOf('settle-rotation')[0])[0]![1];
  expect(Properties.EventPattern).toMatchObject({
    source: ['aws.secretsmanager'],
    'detail-type': ['AWS Service Event via CloudTrail'],
    detail: { eventName: ['RotationFailed'] },
  });
  expect(asText(Properties.EventPattern.detail.additionalEventData.SecretId[0].prefix)).toBe(secretsOfTenants);
});

test('Secrets Manager may call for rotations, of this account’s secrets only', () => {
  const permissions = made
    .resources(made.controlPlane, 'AWS::Lambda::Permission')
    .map(([, { Properties }]) => Properties)
    .filter(({ Principal }) => Principal === 'secretsmanager.amazonaws.com');
  expect(permissions.map(({ FunctionName }) => target(FunctionName))).toEqual([functionOf('rotate-secret')[0]]);
  expect(asText(permissions[0].SourceAccount)).toBe('<AWS::AccountId>');
});

const role = (name: string) => `arn:aws:iam::<AWS::AccountId>:role/${name}`;

test('the function that guards a secret knows the roles that may read it', () => {
  const { Variables } = functionOf('provision')[1].Properties.Environment;
  expect(asText(Variables.TENANT_ROLE_ARN)).toBe(role('tenantry-tenant'));
  const readers = ['provision', 'health-check', 'rotate-secret', 'settle-rotation'];
  expect(asText(Variables.SECRET_READER_ARNS).split(',')).toEqual(
    readers.map((name) => role(`tenantry-${name}-us-east-1`)),
  );
  for (const name of readers) {
    const { Role } = functionOf(name)[1].Properties;
    const [, roleMade] = made.resources(made.controlPlane, 'AWS::IAM::Role').find(([id]) => id === target(Role))!;
    expect(roleMade.Properties.RoleName).toBe(`tenantry-${name}-us-east-1`);
  }
});

test('a stream calls its function for what it is interested in alone', () => {
  const mappings = made.resources(made.controlPlane, 'AWS::Lambda::EventSourceMapping');
  const publisher = functionOf('publish-audit')[0];
  const [, { Properties }] = mappings.find(([, mapping]) => target(mapping.Properties.FunctionName) === publisher)!;
  const added = { pk: { S: 'TENANT#a' }, sk: { S: '2026' }, actorKey: { S: 'ACTOR#a' } };
  const head = { pk: { S: 'TENANT#a' }, sk: { S: 'HEAD' } };
  const matches = compilePattern(JSON.parse(Properties.FilterCriteria.Filters[0].Pattern));
  expect(matches({ eventName: 'INSERT', dynamodb: { NewImage: added } })).toBe(true);
  expect(matches({ eventName: 'REMOVE', dynamodb: { OldImage: added } })).toBe(false);
  expect(matches({ eventName: 'INSERT', dynamodb: { NewImage: head } })).toBe(false);
  expect(matches({ eventName: 'MODIFY', dynamodb: { NewImage: head } })).toBe(false);
});

test('a stream that cannot be taken is halved, tried again, and its place kept', () => {
  const mappings = made.resources(made.controlPlane, 'AWS::Lambda::EventSourceMapping');
  expect(mappings.map(([, { Properties }]) => target(Properties.FunctionName))).toEqual(
    named('stream').map((name) => functionOf(name)[0]),
  );
  for (const [, { Properties }] of mappings) {
    expect(Properties).toMatchObject({ BisectBatchOnFunctionError: true, StartingPosition: 'TRIM_HORIZON' });
    expect(Properties.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(asText(Properties.DestinationConfig.OnFailure.Destination)).toBe(deadLetters);
  }
});

test('dead letters are kept for 14 days, encrypted, and reached over TLS only', () => {
  expect(queue.Properties).toMatchObject({
    QueueName: 'tenantry-dead-letters',
    MessageRetentionPeriod: 1_209_600,
    SqsManagedSseEnabled: true,
  });
  const policy = made.resources(made.controlPlane, 'AWS::SQS::QueuePolicy')[0]![1].Properties.PolicyDocument;
  expect(policy.Statement).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('each function is told what its access makes it need to know, and no more', () => {
  for (const name of functionNames) {
    const { access, announces, network, trigger } = functionSpecs[name];
    const told = Object.keys(functionOf(name)[1].Properties.Environment?.Variables ?? {});
    const expected = [
      ...(access.archive ? [environment.archiveBucket] : []),
      ...(access.tenantScope === 'assume' ? [environment.tenantRoleArn] : []),
      ...(access.identities ? [environment.userPoolId] : []),
      ...(access.deadLetters ? [environment.deadLetterQueueUrl] : []),
      ...Object.keys(access.executions ?? {}).map((workflow) => environment.workflowArn(workflow as 'onboard-tenant')),
      ...(name === 'seed-schema' ? [environment.applicationSchema] : []),
      ...(announces ? [environment.flagEventsUrl] : []),
      ...(trigger.kind === 'response-stream' ? [environment.flagEventsPollMs] : []),
      ...(name === 'provision'
        ? [environment.rotationFunctionArn, environment.secretReaderArns, environment.tenantRoleArn]
        : []),
      ...(name === 'secrets-api' ? [environment.rotationFunctionArn] : []),
      ...(network === 'shards' ? ['NODE_EXTRA_CA_CERTS'] : []),
    ];
    expect(told.toSorted(), name).toEqual(expected.toSorted());
  }
});

test('functions that stream, and no others, have a URL of their own; who announces it is told', () => {
  const urls = made.resources(made.controlPlane, 'AWS::Lambda::Url');
  expect(urls.map(([, { Properties }]) => target(Properties.TargetFunctionArn))).toEqual(
    named('response-stream').map((name) => functionOf(name)[0]),
  );
  for (const [urlId, { Properties }] of urls) {
    expect(Properties).toMatchObject({ AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
    const announcers = functionNames.filter((name) => functionSpecs[name].announces);
    const told = announcers.map((name) => functionOf(name)[1].Properties.Environment.Variables.FLAG_EVENTS_URL);
    expect(told.map(asText)).toEqual(announcers.map(() => `<${urlId}.FunctionUrl>`));
  }
});

test('strangers may call a streaming function by its URL, and nothing else', () => {
  const strangers = made
    .resources(made.controlPlane, 'AWS::Lambda::Permission')
    .filter(([, { Properties }]) => Properties.Principal === '*')
    .map(([, { Properties }]) => Properties);
  for (const { FunctionName, ...permission } of strangers) {
    expect(named('response-stream').map((name) => functionOf(name)[0])).toContain(target(FunctionName));
    expect([permission.FunctionUrlAuthType, permission.InvokedViaFunctionUrl]).toContain(
      permission.Action === 'lambda:InvokeFunctionUrl' ? 'NONE' : true,
    );
  }
  expect(strangers.map(({ Action }) => Action as string).toSorted()).toEqual(
    named('response-stream').flatMap(() => ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']),
  );
});

test('the key of the tickets is made at deployment', () => {
  const [[, secret]] = made.resources(made.controlPlane, 'AWS::SecretsManager::Secret') as [[string, Resource]];
  expect(secret.Properties).toMatchObject({
    Name: ticketKeySecretName,
    GenerateSecretString: { PasswordLength: 64 },
  });
  expect(secret.Properties.SecretString).toBeUndefined();
});

test('exactly the functions that talk to Postgres run beside it', () => {
  const inside = functions
    .filter(([, { Properties }]) => Properties.VpcConfig)
    .map(([, { Properties }]) => Properties.FunctionName as string);
  expect(inside.toSorted()).toEqual(
    functionNames
      .filter((name) => functionSpecs[name].network === 'shards')
      .map((name) => `tenantry-${name}`)
      .toSorted(),
  );
});
