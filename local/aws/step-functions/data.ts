import { StateError } from './state-error.ts';

/** Step Functions' limit of any payload: 256 KiB. */
export const maxPayloadBytes = 262_144;

/** Gives the JSON back; throws `States.DataLimitExceeded` when it is too large. */
export function sized(json: string, what: string): string {
  if (Buffer.byteLength(json) <= maxPayloadBytes) return json;
  throw new StateError('States.DataLimitExceeded', `${what} exceeds the limit of ${maxPayloadBytes} bytes.`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is at `$.a.b` of the data; throws `States.Runtime` where nothing is. */
export function read(path: string, data: unknown): unknown {
  let found = data;
  for (const key of path.split('.').slice(1)) {
    if (!isObject(found) || !Object.hasOwn(found, key))
      throw new StateError('States.Runtime', `Nothing is at ${path} of ${JSON.stringify(data)}.`);
    found = found[key];
  }
  return found;
}

/** The state's input with its result at `path`: `null` drops the result, `$` drops the input. */
export function withResult(input: unknown, path: string | null, result: unknown): unknown {
  if (path === null) return input;
  if (path === '$') return result;
  if (isObject(input)) return { ...input, [path.slice(2)]: result };
  throw new StateError('States.ResultPathMatchFailure', `${path} is to be added to what is no object.`);
}
