import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '#core/change.ts';

/** The item in a stream record's image. Lambda's and the SDK's attribute values differ only in type. */
export const itemOf = (image: object): Item => unmarshall(image as Parameters<typeof unmarshall>[0]) as Item;
