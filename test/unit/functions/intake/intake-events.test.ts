import { expect, test } from 'vitest';
import { dispatch } from '#functions/intake/intake-events.ts';

const anEvent = (name: string, detail: unknown) =>
  ({ 'detail-type': name, detail, source: 'crm', id: 'event-1' }) as Parameters<typeof dispatch>[0];

test.for(['tenant.party.requested', 'constructor', ''])('an event named "%s" is rejected by name', async (name) => {
  await expect(dispatch(anEvent(name, {}))).rejects.toMatchObject({
    code: 'invalid_request',
    message: `There is no inbound event "${name}".`,
  });
});

test('a malformed detail is rejected with its violations', async () => {
  await expect(dispatch(anEvent('tenant.suspension.requested', { requestId: 'crm-7' }))).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('/tenant'),
  });
});
