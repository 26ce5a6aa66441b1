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
      const preset = json.default === undefined ? '' : `; else ${code(JSON.stringify(json.default))}`;
      return [code(name), 'query', typeInWords(json) + preset];
    }),
    ...reads.map((name) => [code(name), 'header', requestHeaders[name]]),
  ];
}

const uncapitalised = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function answerLine({ answer, accepted, sets = [] }: Route): string {
  const types = [answer.contentType, ...(answer.otherContentTypes ?? [])].filter((type) => type !== undefined);
  const body = types.length > 0 ? types.map(code).join(' or ') : typeInWords(schemaRef(answer.body));
  const headers = sets.map((name) => `${code(name)} (${uncapitalised(answerHeaders[name])})`);
  const waiting = accepted ? ` Answers 202 with ${typeInWords(schemaRef(accepted))} where it has to wait.` : '';
  return `Answers ${answer.status} with ${[body, ...headers].join(', and ')}.${waiting}`;
}

const ofSize = ({ maxBodyBytes: most }: Route) => (most === undefined ? '' : `, of at most ${most / 1024} KiB`);

const inTheWordsOf = ({ refusals }: Route) =>
  refusals ? `, told as ${typeInWords(schemaRef(ofrepFailureSchema))} where the gateway let the request pass` : '';

function operationSections(route: Route & { operationId: OperationId }): string[] {
  const rows = parameterRows(route);
  return [
    `### ${route.method} ${route.path}`,
    `${route.summary}. ${describeAccess(route.access)} Operation ${code(route.operationId)}.`,
    ...(rows.length > 0 ? [markdownTable(['Parameter', 'In', 'What'], rows)] : []),
    ...(route.body ? [`Takes ${typeInWords(schemaRef(route.body))}${ofSize(route)}.`] : []),
    `${answerLine(route)} Refuses with ${errorsOf(route).map(code).join(', ')}${inTheWordsOf(route)}.`,
  ];
}

const sections = () =>
  Object.entries(tags).flatMap(([tag, about]) => [
    `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}`,
    `${about}.`,
    ...routeTable.filter((route) => route.tag === tag).flatMap(operationSections),
  ]);

/** The HTTP API, route by route. */
export const apiPage = () =>
  page(
    '# HTTP API',
    'Made from the route table in `core/contract/api/routes.ts`, as are the router, the gateway’s routes, the client and the OpenAPI 3.1 document at `GET /openapi.json`.',
    `Bodies are JSON, of at most ${maxBodyBytes / 1024} KiB; a field that is not listed is refused. Times are ISO 8601 in UTC. Lists answer \`{items, nextCursor}\`: ask again with \`cursor\` for the rest; a page may hold fewer items than \`limit\`, even none, while \`nextCursor\` is there. Every answer has \`x-request-id\`. Send the token as \`Authorization: Bearer …\`; its claim \`tenantry_role\` names the role, and tenant roles carry \`tenantry_tenant\` too. Refusals are described in [errors.md](errors.md).`,
    ...sections(),
    '## Schemas',
    ...schemaSections(),
  );
