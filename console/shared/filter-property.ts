/** A property of a list's filter, with one exact value. */
export const filterProperty = (key: string, label: string) => ({
  key,
  propertyLabel: label,
  groupValuesLabel: `${label} values`,
  operators: ['='],
});
