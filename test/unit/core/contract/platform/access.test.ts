import { expect, test } from 'vitest';
import { type Access, permissionsOf } from '#core/contract/platform/access.ts';
import { tableNames, workflowNames } from '#core/contract/platform/names.ts';
import { accessRule, executionVerbs, secretVerbs, tableVerbs } from '#test/proofs/policies/function-rule.ts';
import { standsFor } from '#test/proofs/policies/resources.ts';
import { groups } from '#test/proofs/policies/vocabulary.ts';

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[];

/** Every word that the manifest has for access, each alone. */
const words: readonly Access[] = [
  ...keysOf(tableNames).flatMap((table) => keysOf(tableVerbs).map((verb): Access => ({ tables: { [table]: verb } }))),
  ...(['tenants', 'shards', 'flags'] as const).flatMap((owner) =>
    keysOf(secretVerbs).map((verb): Access => ({ secrets: { [owner]: [verb] } })),
  ),
  { bus: 'put' },
  { archive: { audit: 'write' } },
  ...workflowNames.flatMap((workflow) =>
    keysOf(executionVerbs).map((verb): Access => ({ executions: { [workflow]: [verb] } })),
  ),
  { deadLetters: 'send' },
  { tenantScope: 'assume' },
  { tenantScope: 'revoke' },
  { identities: 'manage' },
];

test.for(words)('%j grants exactly the permissions it names', (access) => {
  const rule = accessRule(access);
  const permissions = permissionsOf(access);
  const permitted = (action: string, resource: string) =>
    permissions.some((granted) => granted.actions.includes(action) && standsFor(granted.resource)(resource));
  let allowed = 0;
  for (const { actions, resources } of groups) {
    for (const action of actions) {
      for (const resource of resources) {
        const expected = rule({ action, resource, context: {} });
        if (expected) allowed += 1;
        expect(permitted(action, resource), `${action} on ${resource}`).toBe(expected);
      }
    }
  }
  expect(allowed).toBeGreaterThan(0);
});
