import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { offerResponseStreaming, ResponseStream } from '#local/aws/lambda/response-stream.ts';
import { functionUrls } from '#local/gateway/function-urls.ts';
import { aFunction, aRuntime } from '#test/local/aws/lambda/runtime-builder.ts';
import { aGateway } from './gateway-builder.ts';

offerResponseStreaming();
const { ended, held } = await import('#test/local/aws/lambda/handlers/stream.ts');

/** A gateway beside whose routes a streaming function has its URL. */
const aStream = async (spec: Parameters<typeof aFunction>[1] = {}) => {
  const { runtime, faults } = aRuntime({ streamer: aFunction('stream', spec) });
  const reported: unknown[] = [];
  const streams = functionUrls({
    functions: { streamer: { trigger: { kind: 'response-stream', path: '/v1/stream' } } },
    stream: runtime.stream,
    report: (error) => reported.push(error),
  });
  const { url } = await aGateway(undefined, { rest: (request, response) => streams.answer(request, response) });
  // Before the gateway, which waits for what is open.
  onTestFinished(() => streams.close());
  const open = (query = '') => fetch(`${url}/v1/stream?${query}`);
  /** Over a connection of its own, that is gone as soon as it is let go. */
  const hold = async (query: string) => {
    const asked = get(`${url}/v1/stream?${query}`, { agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    await once(response, 'data');
    return response;
  };
  return { open, hold, url, streams, faults, reported };
};

const firstOf = async (response: Response) => {
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  return { text: new TextDecoder().decode(value), reader };
};

test('a streaming function sets the status, and what it writes arrives as it is written', async () => {
  const { open } = await aStream();
  const response = await open();
  expect(response.status).toBe(206);
  expect(response.headers.get('x-of')).toBe('streamer');
  expect(response.headers.get('x-request-id')).toMatch(/-/);
  const { text, reader } = await firstOf(response);
  expect(text).toBe('GET /v1/stream $default\n');
  held.shift()?.();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('the end\n');
  expect((await reader.read()).done).toBe(true);
});

test('one that sets nothing but a type answers 200 with it', async () => {
  const { open } = await aStream();
  const response = await open('does=plain');
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'text/plain',
    'just text',
  ]);
});

test('other paths are not its own', async () => {
  const { url } = await aStream();
  expect((await fetch(`${url}/v1/stream/more`)).status).toBe(404);
});

test('one that fails before its first byte is a problem of the function, not of the gateway', async () => {
  const { open, faults, reported } = await aStream();
  for (const query of ['does=throw', '']) {
    const response = await open(query);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'internal' });
    faults.add({ function: 'streamer', kind: 'throw', error: 'AnyError', times: 1 });
  }
  expect(reported).toEqual([]);
});

test('a client that leaves ends its stream, and no other', async () => {
  const { hold } = await aStream();
  const [staying, leaving] = [await hold('does=wait&n=1'), await hold('does=wait&n=2')];
  leaving.destroy();
  await expect.poll(() => ended).toEqual(['does=wait&n=2']);
  staying.destroy();
  await expect.poll(() => ended).toEqual(['does=wait&n=2', 'does=wait&n=1']);
});

test('beyond its copies a stream is refused at once, and taken again when one has ended', async () => {
  const { open, hold } = await aStream({ concurrency: 1 });
  const first = await hold('does=wait&n=3');
  const refused = await open();
  expect(await refused.json()).toMatchObject({ code: 'rate_limited' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  first.destroy();
  await expect.poll(async () => (await open('does=plain')).text()).toBe('just text');
});

test('closing ends what is open', async () => {
  const { open, streams } = await aStream();
  const { reader } = await firstOf(await open('does=wait&n=4'));
  streams.close();
  expect((await reader.read()).done).toBe(true);
});

test('a function that does not stream has no such URL', async () => {
  const { runtime } = aRuntime({ plain: aFunction('echo') });
  await expect(runtime.stream('plain', {}, new ResponseStream())).rejects.toMatchObject({ errorType: 'TypeError' });
});
