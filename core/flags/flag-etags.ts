import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { TenantFacts } from '#core/contract/model/flags.ts';
import type { Overrides } from './evaluate-flags.ts';

const textDigest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** A digest of everything tenant-specific in an evaluation. */
export const tenantDigest = (facts: TenantFacts, overrides: Overrides): string =>
  textDigest(canonicalize({ facts, overrides }) ?? '');

/** Identifies the configuration of an evaluation; used as id and `etag` of stream events. */
export const configEtag = (version: number, tenant: string): string => `${version}-${tenant}`;

/**
 * The entity tag of a response, over the configuration, the context and the response itself: another context, or a rule
 * that uses the time, can change a response although no flag has changed.
 */
export const answerEtag = (config: string, context: Readonly<Record<string, unknown>>, body: string): string =>
  `"${textDigest(`${config}\n${canonicalize(context)}\n${body}`)}"`;

/** Whether `If-None-Match` names the tag, by weak comparison. */
export const isNamedBy = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .includes(etag);
