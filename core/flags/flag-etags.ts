import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { TenantFacts } from '#core/contract/model/flags.ts';
import type { Overrides } from './evaluate-flags.ts';

const textDigest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Stands for all that a tenant brings to its evaluations. */
export const tenantDigest = (facts: TenantFacts, overrides: Overrides): string =>
  textDigest(canonicalize({ facts, overrides }) ?? '');

/** Names the configuration an evaluation stands on: id and `etag` of the events of a stream. */
export const configEtag = (version: number, ofTenant: string): string => `${version}-${ofTenant}`;

/**
 * Entity tag of an answer, over the configuration, the context and the answer itself: with another context, or when a
 * rule looks at the time, an answer may differ though no flag has changed.
 */
export const answerEtag = (config: string, context: Readonly<Record<string, unknown>>, body: string): string =>
  `"${textDigest(`${config}\n${canonicalize(context)}\n${body}`)}"`;

/** Whether `If-None-Match` names the tag; a weak tag is as good for that. */
export const isNamedBy = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .includes(etag);
