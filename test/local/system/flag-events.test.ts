import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { OpenFeature as Web } from '@openfeature/web-sdk';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type FlagEvent, flagEventSchema, type OfrepBulk } from '#core/contract/api/ofrep.ts';
import { offerEventSource } from './event-source.ts';
import { aServedTenant, everyFlag, putFlags, type ServedTenant } from './flag-fixture.ts';
import { newSystem, type System } from './harness.ts';
import { setStatus } from './set-status.ts';

let system: System;
let acme: ServedTenant;
let globex: ServedTenant;
beforeAll(async () => {
  offerEventSource();
  system = await (await newSystem()).start();
  [acme, globex] = await Promise.all([aServedTenant(system, { tier: 'growth' }), aServedTenant(system)]);
});
afterAll(async () => {
  await Web.close();
  await system.remove();
});

const bulk = ({ token }: ServedTenant, headers = {}, query = '') =>
  system.call<OfrepBulk>(`/ofrep/v1/evaluate/flags${query}`, { method: 'POST', body: {}, headers, token });
const streamOf = async (tenant: ServedTenant) => (await bulk(tenant)).body.eventStreams[0]?.url ?? '';

/** A stream that is open, and what it has told; it ends with the test. */
const listen = async (url: string, headers: Record<string, string> = {}) => {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(url, { headers, signal: leaving.signal });
  const told: { id: string; event: FlagEvent }[] = [];
  const stream = { response, told, text: '', hasEnded: false };
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      stream.text += Buffer.from(chunk).toString();
      told.splice(0, told.length, ...framesIn(stream.text));
    }
    stream.hasEnded = true;
  };
  read().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  return stream;
};
const framesIn = (text: string) =>
  [...text.matchAll(/^id: (.*)\nevent: message\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({
    id,
    event: flagEventSchema.parse(JSON.parse(data)),
  }));
const untilTold = (stream: { told: unknown[] }, count: number) =>
  expect.poll(() => stream.told.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);

const override = (tenant: ServedTenant, method: 'PUT' | 'DELETE', variant = 'on') =>
  system.call(`/v1/flags/new-editor/tenants/${tenant.slug}`, {
    method,
    ...(method === 'PUT' && { body: { variant, reason: 'asked for' } }),
  });

describe('a stream', () => {
  test('says at once where things stand, and again when an override of its tenant changes', async () => {
    const [own, other] = [await listen(await streamOf(acme)), await listen(await streamOf(globex))];
    expect(own.response.headers.get('content-type')).toBe('text/event-stream');
    expect(own.response.headers.get('access-control-allow-origin')).toBe('*');
    await Promise.all([untilTold(own, 1), untilTold(other, 1)]);
    await override(acme, 'PUT');
    await untilTold(own, 2);
    const [before, after] = own.told;
    expect(after?.event.etag).not.toBe(before?.event.etag);
    expect(after?.id).toBe(after?.event.etag);
    await override(acme, 'DELETE');
    await untilTold(own, 3);
    expect(own.told[2]?.id).toBe(before?.id);
    expect(other.told).toHaveLength(1);
    expect(other.text).not.toContain(acme.tenantId);
  });

  test('tells every tenant of a change of the set, and a client that asks then gets it', async () => {
    const streams = [await listen(await streamOf(acme)), await listen(await streamOf(globex))];
    await Promise.all(streams.map((stream) => untilTold(stream, 1)));
    await putFlags(system, everyFlag);
    await Promise.all(streams.map((stream) => untilTold(stream, 2)));
    const etag = streams[0]?.told.at(-1)?.event.etag ?? '';
    const { body, headers } = await bulk(acme, {}, `?flagConfigEtag=${etag}`);
    expect(body.flags.map(({ key }) => key)).toContain('by-time');
    const held = { 'If-None-Match': headers.get('etag') ?? '' };
    expect((await bulk(acme, held, `?flagConfigEtag=${etag}`)).status).toBe(304);
  });

  test('that is taken up again asks for an answer in full, since its client has called its values stale', async () => {
    const url = await streamOf(acme);
    const first = await listen(url);
    await untilTold(first, 1);
    const id = first.told[0]?.id ?? '';
    const again = await listen(url, { 'Last-Event-ID': id });
    await untilTold(again, 1);
    expect(again.told[0]?.id).toBe(id);
    const asked = `?flagConfigEtag=${encodeURIComponent(again.told[0]?.event.etag ?? '')}`;
    const held = { 'If-None-Match': (await bulk(acme)).headers.get('etag') ?? '' };
    expect((await bulk(acme, held)).status).toBe(304);
    expect((await bulk(acme, held, asked)).status).toBe(200);
  });

  test('that missed a change while it was away learns of it', async () => {
    const url = await streamOf(acme);
    const first = await listen(url);
    await untilTold(first, 1);
    await putFlags(system, { ...everyFlag, seats: { ...everyFlag.seats, defaultVariant: 'none' } });
    const again = await listen(url, { 'Last-Event-ID': first.told[0]?.id ?? '' });
    await untilTold(again, 1);
    expect(again.told[0]?.id).not.toBe(first.told[0]?.id);
  });

  test('opens by a ticket of its own tenant only, and by nothing else', async () => {
    const url = new URL(await streamOf(acme));
    const ticket = url.searchParams.get('ticket') ?? '';
    expect(ticket.startsWith(`${acme.tenantId}.`)).toBe(true);
    const forgeries = [
      ticket.replace(acme.tenantId, globex.tenantId),
      `${ticket}x`,
      ticket.slice(0, -2),
      acme.token,
      '',
    ];
    for (const forged of forgeries) {
      url.searchParams.set('ticket', forged);
      const refused = await fetch(url);
      expect(refused.status).toBe(401);
      expect(await refused.text()).not.toMatch(/data:|etag/);
    }
    url.search = '';
    expect((await fetch(url, { headers: { authorization: `Bearer ${acme.token}` } })).status).toBe(401);
    const asToken = await bulk({ ...acme, token: ticket });
    expect(asToken.status).toBe(401);
  });

  test('ends when its tenant is suspended, which evaluations and a new stream are told by name', async () => {
    const leaving = await aServedTenant(system);
    const url = await streamOf(leaving);
    const stream = await listen(url);
    await untilTold(stream, 1);
    await setStatus(system, leaving, 'suspended');
    await expect.poll(() => stream.hasEnded, { timeout: 10_000 }).toBe(true);
    await expect.poll(async () => (await bulk(leaving)).status, { timeout: 10_000 }).toBe(403);
    expect((await bulk(leaving)).body).toMatchObject({ errorCode: 'GENERAL', metadata: { code: 'tenant_suspended' } });
    const refused = await fetch(url);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'tenant_suspended' }),
    ]);
  });
});

const editor = (defaultVariant: string) =>
  ({ state: 'ENABLED', variants: { on: true, off: false }, defaultVariant }) as const;
const maxAgents = { state: 'ENABLED', variants: { team: 25 }, defaultVariant: 'team' } as const;
const newEditor = (variant: string) => putFlags(system, { ...everyFlag, 'new-editor': editor(variant) });

describe('the samples of docs/using-flags.md', () => {
  test('stand in the page as they are run here', async () => {
    const page = await readFile('docs/using-flags.md', 'utf8');
    for (const name of ['server', 'web']) {
      const file = `examples/using-flags/${name}.ts`;
      expect(page).toContain(`<!-- ${file} -->\n\`\`\`ts\n${await readFile(file, 'utf8')}\`\`\``);
    }
  });

  test('the one for a server prints what the tenant has', async () => {
    await putFlags(system, { 'max-agents': maxAgents, 'new-editor': editor('on') });
    await bulk(acme, {}, '?flagConfigEtag=any');
    const env = { ...process.env, TENANTRY_URL: system.url, TENANTRY_TOKEN: acme.token };
    const { stdout } = await promisify(execFile)(process.execPath, ['examples/using-flags/server.ts'], { env });
    expect(stdout.trim().split('\n')).toEqual(['max-agents 25', 'new-editor true']);
  });

  test('the one for a browser shows a change without being asked', async () => {
    await newEditor('off');
    await bulk(acme, {}, '?flagConfigEtag=any');
    const { showFlags } = await import('#examples/using-flags/web.ts');
    const shown: string[] = [];
    await showFlags(system.url, acme.token, (text) => shown.push(text));
    expect(shown).toEqual(['new-editor false']);
    await newEditor('on');
    await expect.poll(() => shown.at(-1), { timeout: 10_000 }).toBe('new-editor true');
  });
});
