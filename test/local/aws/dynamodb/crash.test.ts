import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { aDynamoDb, aPath, eventually } from './harness.ts';
import { crashTables } from './shapes.ts';

const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));

/** Runs the writer until it has acknowledged `count` writes, then kills it; gives the last acknowledged of each chain. */
async function killUnderLoad(path: string, count: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return new Map(lines.map((line) => line.split(' ')).map(([chain, n]) => [String(chain), Number(n)]));
}

test('killed under load, it has no half transaction and has lost nothing it acknowledged', async () => {
  const path = await aPath();
  for (let round = 1; round <= 3; round += 1) {
    const acknowledged = await killUnderLoad(path, 300);
    expect(acknowledged.size).toBe(8);
    const { documents, close } = await aDynamoDb(crashTables, { path });
    const numbers = async (query: QueryCommandInput) => {
      const { Items = [] } = await documents.send(new QueryCommand(query));
      return Items.map((item) => Number(item['n']));
    };
    for (const [chain, last] of acknowledged) {
      const ExpressionAttributeValues = { ':c': chain };
      const ofTable = { KeyConditionExpression: 'pk = :c', ExpressionAttributeValues };
      const [head = 0] = await numbers({ TableName: 'tenants', ...ofTable });
      const whole = Array.from({ length: head }, (_, n) => n + 1);
      expect(head).toBeGreaterThanOrEqual(last);
      expect(await numbers({ TableName: 'audit', ...ofTable })).toEqual(whole);
      const ofIndex = { KeyConditionExpression: '#s = :c', ExpressionAttributeNames: { '#s': 'status' } };
      const indexed = { TableName: 'audit', IndexName: 'by-status', ...ofIndex, ExpressionAttributeValues };
      expect(await numbers(indexed)).toEqual(whole);
    }
    await close();
  }

  const { service, documents } = await aDynamoDb(crashTables, { path });
  const records: DynamoDBRecord[] = [];
  service.consumeStream('audit', async (batch) => void records.push(...batch));
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: 'audit',
      KeyConditionExpression: 'pk = :c',
      ExpressionAttributeValues: { ':c': 'chain-0' },
    }),
  );
  const delivered = () => records.filter((record) => record.dynamodb?.Keys?.['pk']?.S === 'chain-0');
  await eventually(() => expect(delivered()).toHaveLength(Items.length));
  expect(delivered().map((record) => record.dynamodb?.Keys?.['sk']?.S)).toEqual(Items.map((item) => item['sk']));
});
