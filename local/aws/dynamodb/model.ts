import type { AttributeValue } from 'aws-lambda';

export type Json = Record<string, unknown>;
export type Item = Record<string, AttributeValue>;
export type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];

export interface Index {
  IndexName: string;
  KeySchema: KeySchema;
  Projection: { ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
}

export interface Table {
  TableName: string;
  TableArn: string;
  TableStatus: 'CREATING' | 'ACTIVE' | 'DELETING';
  KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  GlobalSecondaryIndexes?: Index[];
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType: StreamViewType };
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
  DeletionProtectionEnabled?: boolean;
}
type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A table as it is kept. */
export interface TableEntry {
  table: Table;
  /** Name of the attribute that says when an item expires. */
  timeToLive?: string;
}

/** A client request token as it is kept: what was asked for under it, and when (ms). */
export interface TokenUse {
  digest: string;
  time: number;
}

export const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;
