import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { config } from '#config';
import { inboundEvents } from '#core/contract/events/catalogue.ts';
import { busName } from '#core/contract/platform/names.ts';

/** What EventBridge takes in PutEvents, of at most ten entries at a time. */
const entries = z
  .array(
    z.strictObject({
      Source: z.string().min(1),
      DetailType: z.literal('tenant.onboarding.requested'),
      EventBusName: z.literal(busName),
      Detail: z.string().transform((text): unknown => JSON.parse(text)),
    }),
  )
  .max(10);

const read = async () => entries.parse(JSON.parse(await readFile('examples/onboarding-events.json', 'utf8')));

test('the example events are valid for the bus and the contract', async () => {
  const schema = inboundEvents['tenant.onboarding.requested'];
  for (const { Detail } of await read()) {
    expect(schema.parse(Detail)).toEqual(Detail);
  }
});

test('there is one for each tier, each with its own tenant and request', async () => {
  const requests = (await read()).map(({ Detail }) => inboundEvents['tenant.onboarding.requested'].parse(Detail));
  expect(requests.map(({ tier }) => tier)).toEqual(Object.keys(config.tiers));
  expect(new Set(requests.map(({ slug }) => slug)).size).toBe(requests.length);
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(requests.length);
});
