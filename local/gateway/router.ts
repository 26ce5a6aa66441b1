import { AppError } from '#core/contract/errors.ts';

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
  pathParameters: Record<string, string>;
}

const segmentsOf = (path: string) => path.split('/').slice(1);
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

/** Only routes of the same method and length can be meant. */
const shapeOf = (method: string, { length }: readonly string[]) => `${method} ${length}`;

/** A route with its path taken apart: what must be said, and what is read, each by its place. */
const compiled = (route: GatewayRoute) => {
  const segments = [...segmentsOf(route.path).entries()];
  return {
    route,
    literals: segments.filter(([, segment]) => !isParameter(segment)),
    parameters: segments
      .filter(([, segment]) => isParameter(segment))
      .map(([at, name]) => [at, name.slice(1, -1)] as const),
  };
};

/** Finds the route of a request; throws `invalid_request` for a path that cannot be decoded. */
export function routerOf(routes: readonly GatewayRoute[]) {
  const ranked = Map.groupBy(routes.toSorted((a, b) => rankOf(a).localeCompare(rankOf(b))).map(compiled), ({ route }) =>
    shapeOf(route.method, segmentsOf(route.path)),
  );
  return (method: string, path: string): Match | undefined => {
    const given = segmentsOf(path);
    const found = ranked
      .get(shapeOf(method, given))
      ?.find(
        ({ literals, parameters }) =>
          literals.every(([at, segment]) => given[at] === segment) && parameters.every(([at]) => given[at] !== ''),
      );
    if (!found) return undefined;
    const pathParameters: Record<string, string> = {};
    for (const [at, name] of found.parameters) pathParameters[name] = decoded(given[at] ?? '');
    return { route: found.route, pathParameters };
  };
}
