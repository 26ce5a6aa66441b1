/** The maximum length of a line, in characters. */
const lineLength = 72;

const inline = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${inline(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

/** Formats JSON compactly: values that fit on one line stay on one line. */
export const compactJson = (value: unknown, indent = ''): string => {
  const line = inline(value);
  if (typeof value !== 'object' || value === null || (indent !== '' && line.length <= lineLength - indent.length)) {
    return line;
  }
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((inner) => deeper + compactJson(inner, deeper))
    : Object.entries(value).map(([name, inner]) => `${deeper}${JSON.stringify(name)}: ${compactJson(inner, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return parts.length === 0 ? line : `${open}\n${parts.join(',\n')}\n${indent}${close}`;
};
