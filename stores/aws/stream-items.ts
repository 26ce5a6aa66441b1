import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '#core/change.ts';

/** The item in an image of a stream record. The trigger's attribute values and the SDK's differ in type only. */
export const itemOf = (image: object): Item => unmarshall(image as Parameters<typeof unmarshall>[0]) as Item;
