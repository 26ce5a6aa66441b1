import { AwsError } from '#local/aws/endpoint/service.ts';

/** One value of a secret, or the place for one; the id is the ClientRequestToken it is put with. */
export interface Version {
  id: string;
  stages: readonly string[];
  createdAt: number;
  text?: string;
  /** Base64. */
  binary?: string;
}

interface Rules {
  AutomaticallyAfterDays?: number | undefined;
  Duration?: string | undefined;
  ScheduleExpression?: string | undefined;
}

export interface Secret {
  name: string;
  arn: string;
  description?: string;
  kmsKeyId?: string;
  tags: Readonly<Record<string, string>>;
  createdAt: number;
  changedAt: number;
  /** When it is gone for good (milliseconds since 1970): set by a delete, taken away by a restore. */
  deletionAt?: number;
  /** Oldest first. */
  versions: readonly Version[];
  /** IAM's JSON, as it was put. */
  policy?: string;
  rotation?: {
    enabled: boolean;
    functionArn: string;
    rules: Rules;
  };
  lastRotatedAt?: number;
  nextRotationAt?: number | undefined;
}

export const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';
export const pending = 'AWSPENDING';

/** Versions that AWS keeps at most, of those that no stage names. */
const versionsKept = 100;

export const refuse = (type: string, message: string) => new AwsError(`${type}Exception`, message);

const without = (versions: readonly Version[], stage: string) =>
  versions.map((version) => ({ ...version, stages: version.stages.filter((name) => name !== stage) }));

const withStage = (versions: readonly Version[], id: string, stage: string) =>
  without(versions, stage).map((version) =>
    version.id === id ? { ...version, stages: [...version.stages, stage] } : version,
  );

/** Lets `stage` name version `id` and no other; what was current before becomes the previous one. */
export const moveStage = (versions: readonly Version[], stage: string, id: string): Version[] => {
  const before = versions.find((version) => version.stages.includes(stage));
  const moved = withStage(versions, id, stage);
  return stage === current && before && before.id !== id ? withStage(moved, before.id, previous) : moved;
};

export const removeStage = (versions: readonly Version[], stage: string): Version[] => without(versions, stage);

const isEmpty = ({ text, binary }: Version) => text === undefined && binary === undefined;

const sameValue = (one: Version, other: Version) => one.text === other.text && one.binary === other.binary;

/** Adds a value under its stages; the same value put twice with one token is one version. */
export const addVersion = (secret: Secret, version: Version): Secret => {
  const there = secret.versions.find(({ id }) => id === version.id);
  if (there && sameValue(there, version)) return secret;
  if (there && !isEmpty(there))
    throw refuse('ResourceExists', `The ClientRequestToken ${version.id} is in use for another value of the secret.`);
  const added = version.stages.reduce<readonly Version[]>(
    (versions, stage) => moveStage(versions, stage, version.id),
    [...secret.versions.filter(({ id }) => id !== version.id), { ...version, stages: there?.stages ?? [] }],
  );
  const staged = added.filter(({ stages }) => stages.length > 0);
  const loose = added.filter(({ stages }) => stages.length === 0).slice(-Math.max(versionsKept - staged.length, 1));
  const kept = new Set([...staged, ...loose]);
  return { ...secret, versions: added.filter((one) => kept.has(one)), changedAt: version.createdAt };
};

const unfound = (asked: string) =>
  refuse('ResourceNotFound', `Secrets Manager can't find the specified secret value for ${asked}`);

/** The version that an id, a stage or both name: the current one where neither does. */
export const findVersion = ({ versions }: Secret, id: string | undefined, stage: string | undefined): Version => {
  const label = stage ?? (id === undefined ? current : undefined);
  const found = versions.find(
    (version) => (id === undefined || version.id === id) && (label === undefined || version.stages.includes(label)),
  );
  if (found) return found;
  throw unfound(askedFor(id, label));
};

const askedFor = (id: string | undefined, label: string | undefined) =>
  id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;

/** The version as `findVersion` finds it, if it has a value yet. */
export const findValue = (secret: Secret, id: string | undefined, stage: string | undefined): Version => {
  const version = findVersion(secret, id, stage);
  if (isEmpty(version)) throw unfound(askedFor(id, stage ?? current));
  return version;
};
