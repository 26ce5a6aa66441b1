import { errorsOf, maxBodyBytes, pathParametersOf, type Route, tags } from '#core/contract/api/http.ts';
import { ofrepFailureSchema } from '#core/contract/api/ofrep.ts';
import { answerHeaders, describeAccess, pathParameters, requestHeaders } from '#core/contract/api/openapi.ts';
import { inlineSchema, schemaRef } from '#core/contract/api/openapi-schemas.ts';
import { type OperationId, routeTable } from '#core/contract/api/routes.ts';
import { schemaSections, typeInWords } from './fields.ts';
import { code, markdownTable, page } from './markdown.ts';

function parameterRows({ path, query, reads = [] }: Route): string[][] {
  return [
    ...pathParametersOf(path).map((name) => [code(name), 'path', pathParameters[name] ?? '']),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => {
      const json = inlineSchema(schema);
      const preset = json.default === undefined ? '' : `; default ${code(JSON.stringify(json.default))}`;
      return [code(name), 'query', typeInWords(json) + preset];
    }),
    ...reads.map((name) => [code(name), 'header', requestHeaders[name]]),
  ];
}

const uncapitalized = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function answerLine({ answer, accepted, sets = [] }: Route): string {
  const types = [answer.contentType, ...(answer.otherContentTypes ?? [])].filter((type) => type !== undefined);
  const body = types.length > 0 ? types.map(code).join(' or ') : typeInWords(schemaRef(answer.body));
  const headers = sets.map((name) => `${code(name)} (${uncapitalized(answerHeaders[name])})`);
  const proposed = accepted ? ` If approval is required: 202 with ${typeInWords(schemaRef(accepted))}.` : '';
  return `Response: ${answer.status} with ${[body, ...headers].join(', and ')}.${proposed}`;
}

const ofSize = ({ maxBodyBytes: most }: Route) => (most === undefined ? '' : `, at most ${most / 1024} KiB`);

const errorFormat = ({ refusals }: Route) =>
  refusals ? `, as ${typeInWords(schemaRef(ofrepFailureSchema))} unless the gateway raises them` : '';

function operationSections(route: Route & { operationId: OperationId }): string[] {
  const rows = parameterRows(route);
  return [
    `### ${route.method} ${route.path}`,
    `${route.summary}. ${describeAccess(route.access)} Operation ${code(route.operationId)}.`,
    ...(rows.length > 0 ? [markdownTable(['Parameter', 'In', 'Description'], rows)] : []),
    ...(route.body ? [`Body: ${typeInWords(schemaRef(route.body))}${ofSize(route)}.`] : []),
    `${answerLine(route)} Errors: ${errorsOf(route).map(code).join(', ')}${errorFormat(route)}.`,
  ];
}

const sections = () =>
  Object.entries(tags).flatMap(([tag, about]) => [
    `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}`,
    `${about}.`,
    ...routeTable.filter((route) => route.tag === tag).flatMap(operationSections),
  ]);

/** The page on the HTTP API, route by route. */
export const apiPage = () =>
  page(
    '# HTTP API',
    'Generated from the route table in `core/contract/api/routes.ts`, like the router, the gateway’s routes, the client and the OpenAPI 3.1 document at `GET /openapi.json`.',
    `Bodies are JSON, at most ${maxBodyBytes / 1024} KiB; unknown fields are rejected. Times are ISO 8601 in UTC. Lists return \`{items, nextCursor}\`: repeat the request with \`cursor\` for the next page. A page may have fewer items than \`limit\`, even none, although there is a \`nextCursor\`. Every response has \`x-request-id\`. Send the token as \`Authorization: Bearer …\`; its claim \`tenantry_role\` names the role and, for tenant roles, \`tenantry_tenant\` the tenant. [errors.md](errors.md) describes errors.`,
    ...sections(),
    '## Schemas',
    ...schemaSections(),
  );
