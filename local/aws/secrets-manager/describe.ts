import type { Request } from './requests.ts';
import { refuse, type Secret, type Version } from './secret.ts';

/** Times go over the wire as seconds since 1970. */
export const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);

const tagsOf = ({ tags }: Secret) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const stagesOf = ({ versions }: Secret) =>
  Object.fromEntries(versions.filter(({ stages }) => stages.length > 0).map(({ id, stages }) => [id, stages]));

const summaryOf = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  KmsKeyId: secret.kmsKeyId,
  CreatedDate: seconds(secret.createdAt),
  LastChangedDate: seconds(secret.changedAt),
  DeletedDate: seconds(secret.deletionAt),
  RotationEnabled: secret.rotation?.enabled,
  RotationLambdaARN: secret.rotation?.functionArn,
  RotationRules: secret.rotation?.rules,
  LastRotatedDate: seconds(secret.lastRotatedAt),
  NextRotationDate: seconds(secret.nextRotationAt),
  Tags: tagsOf(secret),
});

export const describeSecret = (secret: Secret) => ({ ...summaryOf(secret), VersionIdsToStages: stagesOf(secret) });

export const describeValue = ({ arn, name }: Secret, version: Version) => ({
  ARN: arn,
  Name: name,
  VersionId: version.id,
  VersionStages: version.stages,
  CreatedDate: seconds(version.createdAt),
  SecretString: version.text,
  SecretBinary: version.binary,
});

export const describePolicy = ({ arn, name, policy }: Secret) => ({ ARN: arn, Name: name, ResourcePolicy: policy });

/** Versions without a stage are told of only when asked for: AWS may drop them at any time. */
export const describeVersions = ({ arn, name, versions }: Secret, withLoose: boolean) => ({
  ARN: arn,
  Name: name,
  Versions: versions
    .filter(({ stages }) => withLoose || stages.length > 0)
    .map(({ id, stages, createdAt }) => ({ VersionId: id, VersionStages: stages, CreatedDate: seconds(createdAt) })),
});

type Filter = Request<'list'>['Filters'][number];

const filteredTexts = (secret: Secret, key: Filter['Key']): string[] => {
  switch (key) {
    case 'name':
      return [secret.name];
    case 'tag-key':
      return Object.keys(secret.tags);
    case 'tag-value':
      return Object.values(secret.tags);
    default:
      return key satisfies never;
  }
};

const passes = (secret: Secret, { Key, Values }: Filter) =>
  filteredTexts(secret, Key).some((text) => Values.some((value) => text.startsWith(value)));

/** One page of those that pass every filter; the token of the next is the last name of this one. */
export const listPage = (
  secrets: readonly Secret[],
  { Filters, SortOrder, NextToken, MaxResults }: Request<'list'>,
) => {
  const passing = secrets.filter((secret) => Filters.every((filter) => passes(secret, filter)));
  const ordered = SortOrder === 'asc' ? passing : passing.toReversed();
  const start = NextToken === undefined ? 0 : ordered.findIndex(({ name }) => name === NextToken) + 1;
  if (NextToken !== undefined && start === 0) throw refuse('InvalidNextToken', 'The NextToken value is invalid.');
  const page = ordered.slice(start, start + MaxResults);
  const more = start + MaxResults < ordered.length ? { NextToken: page.at(-1)?.name } : {};
  const SecretList = page.map((secret) => ({ ...summaryOf(secret), SecretVersionsToStages: stagesOf(secret) }));
  return { SecretList, ...more };
};
