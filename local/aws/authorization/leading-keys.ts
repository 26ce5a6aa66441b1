import { tables } from '#core/contract/platform/tables.ts';
import { lastPartOf } from '#local/aws/endpoint/names.ts';

type Input = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});
const text = (value: unknown) => (typeof value === 'string' ? value : '');
/** Every key of the product's tables is text. */
const textValue = (value: unknown) => text(fieldsOf(value)['S']);

/** IAM's `dynamodb:LeadingKeys` of a call: the partitions that it names. */
export const keysOfItem = (key: unknown): string[] => [textValue(fieldsOf(key)['pk'])];

export const keysOfBatch = (part: unknown): string[] => {
  const { Keys } = fieldsOf(part);
  return (Array.isArray(Keys) ? Keys : []).flatMap(keysOfItem);
};

const partitionOf = ({ TableName, IndexName }: Input): string => {
  const table = Object.values(tables).find(({ name }) => name === lastPartOf(text(TableName)));
  return IndexName === undefined ? 'pk' : (table?.indexes[text(IndexName)]?.partition ?? '');
};

/** Of `#p = :p AND begins_with(sk, :s)`: the value that the partition is compared with. */
export const keysOfQuery = (input: Input): string[] => {
  const names = fieldsOf(input['ExpressionAttributeNames']);
  const values = fieldsOf(input['ExpressionAttributeValues']);
  const partition = partitionOf(input);
  const compared = text(input['KeyConditionExpression']).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g);
  return [...compared].flatMap(([, name = '', value = '']) =>
    text(names[name] ?? name) === partition ? [textValue(values[value])] : [],
  );
};
