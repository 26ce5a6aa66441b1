import { AwsError } from '#local/aws/endpoint/service.ts';

interface PageRequest {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

const defaultPage = 100;

/**
 * A page of a list as Step Functions cuts it: 0 means the default of 100. The token names the last item given,
 * so that a list which grows meanwhile neither repeats nor skips one.
 */
export function pageOf<T>(items: readonly T[], { maxResults, nextToken }: PageRequest, keyOf: (item: T) => string) {
  const last = nextToken === undefined ? undefined : Buffer.from(nextToken, 'base64url').toString();
  const place = last === undefined ? -1 : items.findIndex((item) => keyOf(item) === last);
  if (last !== undefined && place < 0) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const start = place + 1;
  const page = items.slice(start, start + (maxResults || defaultPage));
  const end = page.at(-1);
  const hasMore = start + page.length < items.length && end !== undefined;
  return { page, ...(hasMore && { nextToken: Buffer.from(keyOf(end)).toString('base64url') }) };
}
