import { escapeXml } from './xml.ts';

/** The services that speak AWS's query protocol here: a form goes in, XML in their namespace comes out. */
const namespaces = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
} as const;
type QueryService = keyof typeof namespaces;
export const speaksQuery = (service: string | undefined): service is QueryService =>
  service !== undefined && Object.hasOwn(namespaces, service);

/** Sets `Tags.member.1.Key` → `{Tags: [{Key}]}`; lists count from 1. */
const setAt = (target: Record<string, unknown>, [head = '', ...rest]: readonly string[], value: string): void => {
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = (target[head] ??= Object.create(null)) as Record<string, unknown>;
  setAt(inner, rest, value);
};

/** `{member: {1: a, 2: b}}` → `[a, b]`. */
const withLists = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === 'member') {
    return Object.entries(entries[0][1] as object)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => withLists(item));
  }
  return Object.fromEntries(entries.map(([name, inner]) => [name, withLists(inner)]));
};

/** The operation of a form, and its parameters as JSON services have theirs. */
export const readForm = (form: string): { operation: string; input: Record<string, unknown> } => {
  const { Action = '', Version: _version, ...fields } = Object.fromEntries(new URLSearchParams(form));
  const input: Record<string, unknown> = Object.create(null);
  for (const [path, value] of Object.entries(fields)) setAt(input, path.split('.'), value);
  return { operation: Action, input: withLists(input) as Record<string, unknown> };
};

const element = (name: string, value: unknown): string => {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, one]) => element(key, one))
          .join('')
      : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
};

export const answerXml = (service: QueryService, operation: string, result: unknown): string =>
  `<${operation}Response xmlns="${namespaces[service]}">${element(`${operation}Result`, result)}</${operation}Response>`;

export const errorXml = (code: string, message: string): string =>
  `<ErrorResponse>${element('Error', { Type: 'Sender', Code: code, Message: message })}</ErrorResponse>`;
