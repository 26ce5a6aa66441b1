import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { aFolder, aLocalAws } from '#test/local/aws/endpoint/endpoint-fixture.ts';

const token = (n: number) => String(n).padStart(32, '0');
const create = (Name = 'tenantry/tenants/tn_1/database', SecretString = 'first', more = {}) =>
  new CreateSecretCommand({ Name, SecretString, ...more });
const SecretId = 'tenantry/tenants/tn_1/database';

describe('a secret', () => {
  test('is read by its name and by its ARN, which ends in six characters of its own', async () => {
    await using aws = await aLocalAws();
    const { ARN, VersionId } = await aws.secrets.send(create());
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:us-east-1:000000000000:secret:tenantry\/tenants\/tn_1\/database-\w{6}$/,
    );
    for (const id of [SecretId, ARN]) {
      const value = await aws.secrets.send(new GetSecretValueCommand({ SecretId: id }));
      expect(value).toMatchObject({ ARN, VersionId, SecretString: 'first', VersionStages: ['AWSCURRENT'] });
      expect(value.CreatedDate).toBeInstanceOf(Date);
    }
    expect(aws.reads.map(({ secretName }) => secretName)).toEqual([SecretId, SecretId]);
  });

  test('made ten times at once is made once', async () => {
    await using aws = await aLocalAws();
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => aws.secrets.send(create())));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of made) if (one.status === 'rejected') expect(one.reason.name).toBe('ResourceExistsException');
  });

  test('made again with the same token is the same secret, with another value a conflict', async () => {
    await using aws = await aLocalAws();
    const first = await aws.secrets.send(create(SecretId, 'first', { ClientRequestToken: token(1) }));
    const again = await aws.secrets.send(create(SecretId, 'first', { ClientRequestToken: token(1) }));
    expect(again.ARN).toBe(first.ARN);
    const other = aws.secrets.send(create(SecretId, 'other', { ClientRequestToken: token(1) }));
    await expect(other).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test('keeps its previous value beside the current one', async () => {
    await using aws = await aLocalAws();
    await aws.secrets.send(create());
    await aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'second' }));
    const read = async (VersionStage?: string) =>
      (await aws.secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;
    expect([await read(), await read('AWSPREVIOUS')]).toEqual(['second', 'first']);
  });

  test('is changed in steps by its stages, as a rotation does', async () => {
    await using aws = await aLocalAws();
    const { VersionId: before } = await aws.secrets.send(create());
    const pending = { SecretId, SecretString: 'next', ClientRequestToken: token(2), VersionStages: ['AWSPENDING'] };
    await aws.secrets.send(new PutSecretValueCommand(pending));
    const move = { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: token(2) };
    await expect(aws.secrets.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await aws.secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: before }));
    const { VersionIdsToStages } = await aws.secrets.send(new DescribeSecretCommand({ SecretId }));
    expect(VersionIdsToStages).toEqual({ [`${before}`]: ['AWSPREVIOUS'], [token(2)]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  test('is listed with the others, by the order of names', async () => {
    await using aws = await aLocalAws();
    for (const name of ['s2', 's1']) await aws.secrets.send(create(name));
    const { SecretList } = await aws.secrets.send(new ListSecretsCommand({}));
    expect(SecretList?.map(({ Name }) => Name)).toEqual(['s1', 's2']);
  });
});

describe('a deleted secret', () => {
  test('is gone at once, its name is free, and deleting it again is no error', async () => {
    await using aws = await aLocalAws();
    const { ARN } = await aws.secrets.send(create());
    const remove = () => aws.secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    await remove();
    await remove();
    await expect(aws.secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect((await aws.secrets.send(create())).ARN).not.toBe(ARN);
  });
});

test('secrets are there after a restart', async () => {
  using place = aFolder();
  {
    await using before = await aLocalAws(place);
    await before.secrets.send(create());
  }
  await using after = await aLocalAws(place);
  expect((await after.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('first');
});

test('a secret that is scheduled for deletion cannot be read, and keeps its name in use until that is forced', async () => {
  await using aws = await aLocalAws();
  await aws.secrets.send(create());
  await aws.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
  const refused = { name: 'InvalidRequestException' };
  await expect(aws.secrets.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject(refused);
  await expect(aws.secrets.send(create())).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('scheduled for deletion'),
  });
  await aws.secrets.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await aws.secrets.send(create());
});

test('what Secrets Manager does not have is refused and not overlooked', async () => {
  await using aws = await aLocalAws();
  await aws.secrets.send(create());
  const update = new UpdateSecretCommand({ SecretId, SecretString: 'other' });
  await expect(aws.secrets.send(update)).rejects.toMatchObject({ name: 'UnknownOperationException' });
  const replicated = create('other', 'x', { AddReplicaRegions: [{ Region: 'eu-west-1' }] });
  await expect(aws.secrets.send(replicated)).rejects.toMatchObject({ name: 'ValidationException' });
  const named = aws.secrets.send(create('no spaces'));
  await expect(named).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Name') });
});
