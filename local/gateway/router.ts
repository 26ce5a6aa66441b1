import { AppError } from '#core/contract/api/errors.ts';

/** A route of the gateway and the function behind it. */
export interface GatewayRoute {
  method: string;
  /** In API Gateway's form: `/v1/tenants/{tenant}`. */
  path: string;
  /** Method and path, as API Gateway names the route to its function. */
  key: string;
  isPublic: boolean;
  maxBodyBytes: number;
  functionName: string;
}

export interface Match {
  route: GatewayRoute;
  /** None where the path has none. */
  pathParameters: Record<string, string> | undefined;
}

/** The first is empty, since a path begins with a slash. */
const segmentsOf = (path: string) => path.split('/');
const isParameter = (segment: string) => segment.startsWith('{');

/** At the first place where two routes differ, the one that names its segment goes before the one that takes any. */
const rankOf = ({ path }: GatewayRoute) =>
  segmentsOf(path)
    .map((segment) => (isParameter(segment) ? '1' : '0'))
    .join('');

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new AppError('invalid_request', 'The path is not properly percent-encoded.', { cause: error });
  }
}

/** A route with its path taken apart: what must be said, and what is read, each by its place. */
const compiled = (route: GatewayRoute) => {
  const segments = [...segmentsOf(route.path).entries()];
  return {
    route,
    length: segments.length,
    literals: segments.filter(([, segment]) => !isParameter(segment)),
    parameters: segments
      .filter(([, segment]) => isParameter(segment))
      .map(([at, name]) => [at, name.slice(1, -1)] as const),
  };
};

type CompiledRoute = ReturnType<typeof compiled>;

/** Finds the route of a request; throws `invalid_request` for a path that cannot be decoded. */
export function routerOf(routes: readonly GatewayRoute[]) {
  const ranked = routes.toSorted((a, b) => rankOf(a).localeCompare(rankOf(b))).map(compiled);
  const byMethod = Map.groupBy(ranked, ({ route }) => route.method);
  return (method: string, path: string): Match | undefined => {
    const given = segmentsOf(path);
    const found = byMethod.get(method)?.find((route) => isMeant(route, given));
    return found && { route: found.route, pathParameters: parametersOf(found, given) };
  };
}

const isMeant = ({ length, literals, parameters }: CompiledRoute, given: readonly string[]): boolean =>
  length === given.length &&
  literals.every(([at, segment]) => given[at] === segment) &&
  parameters.every(([at]) => given[at] !== '');

function parametersOf({ parameters }: CompiledRoute, given: readonly string[]): Record<string, string> | undefined {
  if (parameters.length === 0) return undefined;
  const values: Record<string, string> = {};
  for (const [at, name] of parameters) values[name] = decoded(given[at] ?? '');
  return values;
}
