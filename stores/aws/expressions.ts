import type { Condition, Write } from '#core/change.ts';

interface ConditionExpression {
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** A condition as a DynamoDB expression. */
export const conditionExpression = (condition: Condition): ConditionExpression => {
  if ('absent' in condition)
    return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };
  if ('absentOr' in condition) {
    const equal = equals(condition.absentOr);
    return {
      ...equal,
      ConditionExpression: `attribute_not_exists(#pk) OR ${equal.ConditionExpression}`,
      ExpressionAttributeNames: { ...equal.ExpressionAttributeNames, '#pk': 'pk' },
    };
  }
  const equal = equals(condition.equals);
  if (!('below' in condition)) return equal;
  return {
    ...equal,
    ConditionExpression: `${equal.ConditionExpression} AND #below < #limit`,
    ExpressionAttributeNames: {
      ...equal.ExpressionAttributeNames,
      '#below': condition.below.attribute,
      '#limit': condition.below.limit,
    },
  };
};

const equals = (wanted: Record<string, unknown>) => {
  const names = Object.keys(wanted);
  return {
    ConditionExpression: names.map((_name, index) => `#e${index} = :e${index}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#e${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name, index) => [`:e${index}`, wanted[name]])),
  };
};

/** A guarded update of single attributes as a DynamoDB expression. */
export const updateExpression = ({ set = {}, add = {}, guard }: Write & { kind: 'update' }) => {
  const condition = conditionExpression(guard.condition);
  const changed = [...Object.entries(set), ...Object.entries(add)];
  const places = changed.map((_entry, index) => `#u${index} = :u${index}`);
  const sets = places.slice(0, Object.keys(set).length);
  const adds = places.slice(sets.length).map((place) => place.replace(' =', ''));
  return {
    ...condition,
    UpdateExpression: [sets.length > 0 && `SET ${sets.join(', ')}`, adds.length > 0 && `ADD ${adds.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    ExpressionAttributeNames: {
      ...condition.ExpressionAttributeNames,
      ...Object.fromEntries(changed.map(([name], index) => [`#u${index}`, name])),
    },
    ExpressionAttributeValues: {
      ...condition.ExpressionAttributeValues,
      ...Object.fromEntries(changed.map(([, value], index) => [`:u${index}`, value])),
    },
  };
};
