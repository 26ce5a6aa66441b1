import type { AttributeValue } from 'aws-lambda';
import * as z from 'zod';

const isValue = (value: unknown): value is AttributeValue => typeof value === 'object' && value !== null;
export const item = z.record(z.string(), z.custom<AttributeValue>(isValue, 'must be a value such as {"S": "text"}'));

export const TableName = z.string().min(3).max(255);

/** Capacity and collections are not measured: a request for them is refused. */
export const unmeasured = {
  ReturnConsumedCapacity: z.literal('NONE').optional(),
  ReturnItemCollectionMetrics: z.literal('NONE').optional(),
};
export const bound = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: item.optional(),
};
export const projected = {
  ProjectionExpression: z.string().optional(),
  ExpressionAttributeNames: bound.ExpressionAttributeNames,
  ConsistentRead: z.boolean().optional(),
};
