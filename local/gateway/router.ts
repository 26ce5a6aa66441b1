import { AppError } from '#core/contract/errors.ts';

/** A route of the gateway and the function behind it. */
export interface GatewayRoute {
  method: string;
  /** In API Gateway's form: `/v1/tenants/{tenant}`. */
  path: string;
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
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new AppError('invalid_request', 'The path is not properly percent-encoded.', { cause: error });
  }
}

/** Only routes of the same method and length can be meant. */
const shapeOf = (method: string, { length }: readonly string[]) => `${method} ${length}`;

/** Finds the route of a request; throws `invalid_request` for a path that cannot be decoded. */
export function routerOf(routes: readonly GatewayRoute[]) {
  const ranked = Map.groupBy(
    routes
      .toSorted((a, b) => rankOf(a).localeCompare(rankOf(b)))
      .map((route) => ({ route, segments: segmentsOf(route.path) })),
    ({ route, segments }) => shapeOf(route.method, segments),
  );
  return (method: string, path: string): Match | undefined => {
    const given = segmentsOf(path);
    const found = ranked
      .get(shapeOf(method, given))
      ?.find(({ segments }) =>
        segments.every((segment, index) => (isParameter(segment) ? given[index] !== '' : segment === given[index])),
      );
    if (!found) return undefined;
    const pathParameters = found.segments.flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1, -1), decoded(given[index] ?? '')]] : [],
    );
    return { route: found.route, pathParameters: Object.fromEntries(pathParameters) };
  };
}
