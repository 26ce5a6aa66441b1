import {
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test, vi } from 'vitest';
import { tenantDatabaseSecretName } from '#core/contract/platform/names.ts';
import { secretPolicy } from '#core/secrets/secret-policy.ts';
import { roleArnOf } from '#local/aws/endpoint/names.ts';
import { tenantId } from '#test/builders.ts';
import { aFolder, aLocalAws, aSecret, as } from '#test/local/aws/endpoint/endpoint-fixture.ts';

const SecretId = tenantDatabaseSecretName(tenantId);
const day = 86_400;
const RotationLambdaARN = 'arn:aws:lambda:us-east-1:000000000000:function:rotator';
const daily = { RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 1 } };
const token = (n: number) => String(n).padStart(32, '0');

type LocalAws = Awaited<ReturnType<typeof aLocalAws>>;
interface Step {
  Step: string;
  SecretId: string;
  ClientRequestToken: string;
}

/** A rotator as AWS's own template is written: it finds its version by the token it is called with. */
const rotator = (aws: () => LocalAws, steps: Step[], fail: { at?: string } = {}) => ({
  rotators: new Set(['rotator']),
  invoke: async (_name: string, event: unknown) => {
    const step = event as Step;
    steps.push(step);
    const { SecretId: id, ClientRequestToken: VersionId } = step;
    if (fail.at === step.Step) throw new Error('It failed.');
    if (step.Step === 'createSecret') {
      const put = { SecretId: id, ClientRequestToken: VersionId, VersionStages: ['AWSPENDING'] };
      await aws().secrets.send(new PutSecretValueCommand({ ...put, SecretString: `value of ${VersionId}` }));
    }
    if (step.Step === 'finishSecret') {
      const { VersionIdsToStages = {} } = await aws().secrets.send(new DescribeSecretCommand({ SecretId: id }));
      const from = Object.keys(VersionIdsToStages).find((key) => VersionIdsToStages[key]?.includes('AWSCURRENT'));
      const move = { SecretId: id, VersionStage: 'AWSCURRENT', MoveToVersionId: VersionId };
      await aws().secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: from }));
    }
  },
});

const aRotatingAws = async (options: { folder?: string; fail?: { at?: string } } = {}) => {
  const steps: Step[] = [];
  const events: string[] = [];
  const made: { aws?: LocalAws } = {};
  const aws = await aLocalAws({
    ...(options.folder && { folder: options.folder }),
    rotation: {
      ...rotator(() => made.aws!, steps, options.fail),
      onRotation: async (event) => void events.push(event),
      report: (error) => {
        throw error;
      },
    },
  });
  made.aws = aws;
  return Object.assign(aws, { steps, events });
};

const describeIt = (aws: LocalAws) => aws.secrets.send(new DescribeSecretCommand({ SecretId }));
const ended = (aws: { events: string[] }, count: number) =>
  vi.waitFor(() => expect(aws.events.filter((event) => event !== 'RotationStarted')).toHaveLength(count));
const names = (steps: readonly Step[]) => steps.map(({ Step: name }) => name);
const fourSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

describe('a rotation', () => {
  test('calls for four steps with one token, and leaves no pending version', async () => {
    await using aws = await aRotatingAws();
    const { VersionId: before = '', ARN } = await aSecret(aws, SecretId);
    const { VersionId = '' } = await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily }));
    await ended(aws, 1);
    expect(names(aws.steps)).toEqual(fourSteps);
    for (const step of aws.steps) expect(step).toMatchObject({ SecretId: ARN, ClientRequestToken: VersionId });
    expect(aws.events).toEqual(['RotationStarted', 'RotationSucceeded']);
    const about = await describeIt(aws);
    expect(about).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 1 },
    });
    expect(about.VersionIdsToStages).toEqual({ [before]: ['AWSPREVIOUS'], [VersionId]: ['AWSCURRENT'] });
    expect(about.NextRotationDate!.getTime() - about.LastRotatedDate!.getTime()).toBeLessThanOrEqual(day * 1000);
    const { Versions = [] } = await aws.secrets.send(new ListSecretVersionIdsCommand({ SecretId }));
    expect(new Set(Versions.map((version) => version.VersionId))).toEqual(new Set([before, VersionId]));
  });

  test('has a version without a value to begin with', async () => {
    await using aws = await aRotatingAws({ fail: { at: 'createSecret' } });
    await aSecret(aws, SecretId);
    const { VersionId } = await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily }));
    await ended(aws, 1);
    expect((await describeIt(aws)).VersionIdsToStages).toMatchObject({ [`${VersionId}`]: ['AWSPENDING'] });
    await expect(aws.secrets.send(new GetSecretValueCommand({ SecretId, VersionId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('that failed is taken up again under its own token by whoever asks next', async () => {
    const fail: { at?: string } = { at: 'testSecret' };
    await using aws = await aRotatingAws({ fail });
    await aSecret(aws, SecretId);
    await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily, ClientRequestToken: token(1) }));
    await ended(aws, 1);
    expect(aws.events.at(-1)).toBe('RotationFailed');
    delete fail.at;
    const other = aws.secrets.send(new RotateSecretCommand({ SecretId, ClientRequestToken: token(2) }));
    await expect(other).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await ended(aws, 2);
    expect(new Set(aws.steps.map(({ ClientRequestToken }) => ClientRequestToken))).toEqual(new Set([token(1)]));
    expect((await describeIt(aws)).VersionIdsToStages).toMatchObject({ [token(1)]: ['AWSCURRENT'] });
  });

  test('that failed is taken up by the clock within hours', async () => {
    const fail: { at?: string } = { at: 'setSecret' };
    await using aws = await aRotatingAws({ fail });
    await aSecret(aws, SecretId);
    await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily }));
    await ended(aws, 1);
    delete fail.at;
    await aws.clock.advance(3_601);
    await ended(aws, 2);
    expect(aws.events.at(-1)).toBe('RotationSucceeded');
  });

  test('follows its rules by the clock, again and again, also over a restart', async () => {
    using place = aFolder();
    {
      await using aws = await aRotatingAws(place);
      await aSecret(aws, SecretId);
      await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily, RotateImmediately: false }));
      expect(aws.steps).toEqual([]);
      for (let turn = 1; turn <= 2; turn += 1) {
        await aws.clock.advance(day);
        await ended(aws, turn);
      }
    }
    await using aws = await aRotatingAws(place);
    await aws.secretsManager.resume();
    await aws.clock.advance(day);
    await ended(aws, 1);
    expect(names(aws.steps)).toEqual(fourSteps);
  });

  test('of a secret that is deleted does not come', async () => {
    await using aws = await aRotatingAws();
    await aSecret(aws, SecretId);
    await aws.secrets.send(new RotateSecretCommand({ SecretId, ...daily, RotateImmediately: false }));
    await aws.secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await aSecret(aws, SecretId);
    await aws.clock.advance(2 * day);
    expect(aws.events).toEqual([]);
  });

  test('needs a function that Secrets Manager may call, and rules that it understands', async () => {
    await using aws = await aRotatingAws();
    await aSecret(aws, SecretId);
    const rotate = (more: object) => aws.secrets.send(new RotateSecretCommand({ SecretId, ...more }));
    await expect(rotate({})).rejects.toMatchObject({ name: 'InvalidRequestException' });
    const stranger = { RotationLambdaARN: RotationLambdaARN.replace('rotator', 'stranger') };
    await expect(rotate(stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const scheduled = { RotationLambdaARN, RotationRules: { ScheduleExpression: 'rate(4 hours)' } };
    await expect(rotate(scheduled)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the policy on a secret', () => {
  const ResourcePolicy = JSON.stringify(
    secretPolicy({
      tenantId,
      tenantRoleArn: roleArnOf('tenantry-tenant'),
      controlPlaneArns: [roleArnOf('health-check')],
    }),
  );

  test('lets a function read that it names, and denies every other', async () => {
    await using aws = await aLocalAws();
    await aSecret(aws, SecretId);
    await aws.secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: true }));
    const read = (name: string) => as(name, () => aws.secrets.send(new GetSecretValueCommand({ SecretId })));
    expect((await read('health-check')).SecretString).toBe('first');
    await expect(read('tenants-api')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('explicit deny in a resource-based policy'),
    });
    expect(aws.reads).toHaveLength(1);
  });

  test('is told as it was put, and gone when it is taken away', async () => {
    await using aws = await aLocalAws();
    await aSecret(aws, SecretId);
    await aws.secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    const get = async () => (await aws.secrets.send(new GetResourcePolicyCommand({ SecretId }))).ResourcePolicy;
    expect(await get()).toBe(ResourcePolicy);
    await aws.secrets.send(new DeleteResourcePolicyCommand({ SecretId }));
    expect(await get()).toBeUndefined();
    const value = as('tenants-api', () => aws.secrets.send(new GetSecretValueCommand({ SecretId })));
    expect((await value).SecretString).toBe('first');
  });
});
