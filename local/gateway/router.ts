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

const parameter = /\{(\w+)\}/g;

/** At the first place where two routes differ, a segment with a name goes before one that takes any. */
const rankOf = ({ path }: GatewayRoute) => path.replace(parameter, '~');
const byRank = (a: GatewayRoute, b: GatewayRoute) => (rankOf(a) < rankOf(b) ? -1 : 1);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw new AppError('invalid_request', 'The path is not properly percent-encoded.', { cause: error });
  }
}

/** Finds the route of a request; throws `invalid_request` for a path that cannot be decoded. */
export function routerOf(routes: readonly GatewayRoute[]) {
  const ranked = routes.toSorted(byRank).map((route) => ({
    route,
    form: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(parameter, '(?<$1>[^/]+)')}$`),
  }));
  return (method: string, path: string): Match | undefined => {
    for (const { route, form } of ranked) {
      const found = route.method === method ? form.exec(path) : null;
      if (!found) continue;
      const parameters = Object.entries(found.groups ?? {}).map(([name, segment]) => [name, decoded(segment)]);
      return { route, pathParameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined };
    }
    return undefined;
  };
}
