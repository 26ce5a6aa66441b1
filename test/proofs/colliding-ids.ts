import { otherTenantId, tenantId } from '#test/builders.ts';

/** Names that are taken for one another by a prefix, by a pattern, by a separator, or by the eye. */
export const collidingIds: readonly string[] = [
  tenantId,
  otherTenantId,
  'a',
  'a-b',
  'a#b',
  'a/b',
  'A',
  // Cyrillic, full-width, and a with a zero-width joiner.
  '\u0430',
  '\uff41',
  'a\u200d',
  // The same letter as one code point and as two.
  '\u00e1',
  'a\u0301',
  '*',
  'a*',
  '?',
  '\u0024{x}',
  '\u0024{aws:PrincipalTag/tenant}',
  '\u0024{*}',
  '',
  ' ',
  'a ',
  '__proto__',
  'constructor',
  tenantId.slice(0, -1),
  `${tenantId}0`,
  `${tenantId}#`,
  `${tenantId}-1`,
  tenantId.toUpperCase(),
  `x${tenantId}`,
  'a'.repeat(4096),
  `${'a'.repeat(4095)}b`,
];
