import { AwsError } from '#local/aws/endpoint/service.ts';

/** One value of a secret, or the place for one; its id is the ClientRequestToken of the call that made it. */
export interface Version {
  id: string;
  stages: readonly string[];
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  text?: string;
}

export interface Secret {
  name: string;
  arn: string;
  tags: readonly { Key: string; Value: string }[];
  createdAt: number;
  changedAt: number;
  /** Oldest first, each with a stage: AWS may drop a version without one at any time. */
  versions: readonly Version[];
  /** IAM's JSON, as it was put. */
  policy?: string;
  rotation?: { functionArn: string; days?: number | undefined };
  lastRotatedAt?: number;
  nextRotationAt?: number | undefined;
  /** Scheduled for deletion at this time: the name is in use until it is deleted for good. */
  deletedAt?: number;
}

export const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';
export const pending = 'AWSPENDING';

export const refuse = (type: string, message: string) => new AwsError(`${type}Exception`, message);

const staged = (versions: readonly Version[]) => versions.filter(({ stages }) => stages.length > 0);

const without = (versions: readonly Version[], stage: string) =>
  versions.map((version) => ({ ...version, stages: version.stages.filter((name) => name !== stage) }));

const withStage = (versions: readonly Version[], id: string, stage: string): readonly Version[] =>
  without(versions, stage).map((version) =>
    version.id === id ? { ...version, stages: [...version.stages, stage] } : version,
  );

/** Attaches `stage` to version `id` alone; what was current before becomes the previous one. */
const attach = (versions: readonly Version[], stage: string, id: string): readonly Version[] => {
  const before = versions.find((version) => version.stages.includes(stage));
  const moved = withStage(versions, id, stage);
  return stage === current && before && before.id !== id ? withStage(moved, before.id, previous) : moved;
};

export const moveStage = (versions: readonly Version[], stage: string, id: string) =>
  staged(attach(versions, stage, id));

export const removeStage = (versions: readonly Version[], stage: string) => staged(without(versions, stage));

/** Adds a value under its stages; the same value put twice with one token is one version. */
export const addVersion = (secret: Secret, version: Version): Secret => {
  const there = secret.versions.find(({ id }) => id === version.id);
  if (there && there.text === version.text) return secret;
  if (there?.text !== undefined)
    throw refuse('ResourceExists', `The ClientRequestToken ${version.id} is in use for another value of the secret.`);
  const versions = version.stages.reduce<readonly Version[]>(
    (moved, stage) => attach(moved, stage, version.id),
    [...secret.versions.filter(({ id }) => id !== version.id), { ...version, stages: there?.stages ?? [] }],
  );
  return { ...secret, versions: staged(versions), changedAt: version.createdAt };
};

/** The version that an id, a stage or both name: the current one where neither does. */
export const findVersion = ({ versions }: Secret, id: string | undefined, stage: string | undefined): Version => {
  const label = stage ?? (id === undefined ? current : undefined);
  const found = versions.find(
    (version) => (id === undefined || version.id === id) && (label === undefined || version.stages.includes(label)),
  );
  if (found) return found;
  const wanted = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
  throw refuse('ResourceNotFound', `Secrets Manager can't find the specified secret value for ${wanted}`);
};
