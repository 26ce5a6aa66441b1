import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { type AuditHead, auditItem, chainEvents, emptyHead } from '#core/audit/audit-chain.ts';
import type { Item } from '#core/change.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { keys } from '#core/keys.ts';
import { tenantItem } from '#core/tenant/tenant-record.ts';
import { deps } from '#functions/deps.ts';
import { openDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { aTenant } from '#test/builders.ts';
import { stage } from './stage.ts';

const slug = 'hundred-thousand';
const tenantId = deps.newTenantId();
const marshallOptions = { removeUndefinedValues: true };
const total = 100_000;
const perDay = 1_000;
const began = Date.parse('2026-06-01T00:00:00.000Z');
/** Nina renames the tenant once in every ten days; all else is done by others. */
const isNinas = (index: number) => index % (10 * perDay) === perDay / 2;
const sought = { index: 40 * perDay + perDay / 2, day: '2026/07/11', nextDay: '2026/07/12' };

const momentOf = (index: number) => new Date(began + (index * 86_400_000) / perDay).toISOString();
const nameAt = (index: number) => `Name ${index}`;

/** A stream as 100,000 changes would have left it: every event follows the one before. */
const aLongStream = (): Item[] => {
  const items: Item[] = [];
  let head: AuditHead = emptyHead;
  for (let index = 0; index < total; index += 1) {
    const actor = { type: 'user', id: isNinas(index) ? 'nina' : `user-${index % 50}` } as const;
    const cause = { actor, requestId: `request-${index}`, source: { ip: '192.0.2.1' } };
    const draft = {
      action: 'tenant.updated',
      target: { type: 'tenant', id: tenantId },
      before: { name: nameAt(index - 1) },
      after: { name: nameAt(index) },
    } as const;
    for (const event of chainEvents(tenantId, head, cause, [draft], momentOf(index))) {
      items.push(auditItem(event));
      head = { seq: event.seq, hash: event.hash, time: event.time };
    }
  }
  return [...items, { ...keys.auditHead(tenantId), ...head }];
};

/** Written to the table before the system starts: over the network it would take minutes. */
const set = stage(async (folder) => {
  const dynamodb = await openDynamoDb({ path: join(folder, 'dynamodb') });
  // They were carried to the bus when they were written.
  dynamodb.consumeStream(tableNames.audit, async () => undefined, { filter: () => false });
  const write = (table: string, items: readonly Item[]) =>
    dynamodb.call('TransactWriteItems', {
      TransactItems: items.map((item) => ({ Put: { TableName: table, Item: marshall(item, marshallOptions) } })),
    });
  await write(tableNames.tenants, [
    tenantItem(aTenant({ tenantId, slug, status: 'active' })),
    { ...keys.slug(slug), tenantId },
  ]);
  const items = aLongStream();
  for (let from = 0; from < items.length; from += 100) await write(tableNames.audit, items.slice(from, from + 100));
  await dynamodb.close();
});

test('of 100,000 events one is found by its actor and its day; what is found is exported; the chain is verified', async () => {
  const page = await set.as('platform-auditor');
  await page.goto(`/tenants/${slug}/audit`);
  await page
    .getByRole('row', { name: /tenant\.updated/ })
    .first()
    .waitFor();

  const filter = page.getByLabel('Find audit events');
  await filter.fill('Actor = nina');
  await page.keyboard.press('Enter');
  for (const [operator, day] of [
    ['>=', sought.day],
    ['<=', sought.nextDay],
  ] as const) {
    await filter.fill(`Time ${operator} `);
    await page.getByLabel('Date', { exact: true }).fill(day);
    await page.getByRole('button', { name: 'Apply' }).click();
  }
  await expect.poll(() => page.getByRole('row', { name: /tenant\.updated/ }).count(), { timeout: 30_000 }).toBe(1);
  await page.getByRole('cell', { name: 'tenant.updated', exact: true }).click();
  const change = page.getByRole('row', { name: /^changed name/ });
  expect(await change.getByRole('deletion').innerText()).toBe(nameAt(sought.index - 1));
  expect(await change.getByRole('insertion').innerText()).toBe(nameAt(sought.index));

  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'JSON Lines' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([sought.index + 1]);

  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Audit chain verified').waitFor();
});
