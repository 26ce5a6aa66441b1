import { setTimeout as delay } from 'node:timers/promises';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, type Provider, ProviderEvents } from '@openfeature/web-sdk';
import { offerEventSource } from '#test/local/system/event-source.ts';
import type { ServedTenant } from '#test/local/system/flag-fixture.ts';
import type { System } from '#test/local/system/harness.ts';

const key = 'bench-change';
const put = async (system: System, isOn: boolean) => {
  const definition = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: isOn ? 'on' : 'off' };
  const { status } = await system.call(`/v1/flags/${key}`, { method: 'PUT', body: definition });
  if (status !== 200) throw new Error(`The change was answered ${status}.`);
};

interface Watch {
  system: System;
  tenant: ServedTenant;
  changes: number;
  /** Polls so often, in ms; listens to the stream where it is left out. */
  pollInterval?: number;
}

/** Milliseconds from the answer to each change until a web provider has the new value. */
export const timesToClient = async ({ system, tenant, changes, pollInterval }: Watch): Promise<number[]> => {
  offerEventSource();
  await put(system, false);
  const domain = `bench-${pollInterval ?? 'stream'}`;
  const detection = pollInterval === undefined ? {} : { pollInterval, changeDetection: 'polling' as const };
  const provider = new OFREPWebProvider({ baseUrl: system.url, headers: tenant.headers, ...detection });
  await OpenFeature.setProviderAndWait(domain, provider as Provider);
  const client = OpenFeature.getClient(domain);
  const times: number[] = [];
  for (let change = 1; change <= changes; change += 1) {
    const isOn = change % 2 === 1;
    const seen = Promise.withResolvers<number>();
    const look = () => client.getBooleanValue(key, !isOn) === isOn && seen.resolve(performance.now());
    client.addHandler(ProviderEvents.ConfigurationChanged, look);
    await put(system, isOn);
    const answered = performance.now();
    times.push(Math.max(0, (await seen.promise) - answered));
    client.removeHandler(ProviderEvents.ConfigurationChanged, look);
    // Changes that come at even times would always meet the same moment between two polls.
    await delay(Math.random() * 200);
  }
  await OpenFeature.clearProviders();
  return times;
};

/** Milliseconds from the call of the kill switch until every one of so many streams has told of it. */
export const timeToKill = async (system: System, { token }: ServedTenant, streams: number) => {
  await put(system, true);
  const { body } = await system.call<{ eventStreams: { url: string }[] }>('/ofrep/v1/evaluate/flags', {
    method: 'POST',
    body: {},
    token,
  });
  const url = body.eventStreams[0]?.url ?? '';
  const leaving = new AbortController();
  const opened = await Promise.all(Array.from({ length: streams }, () => openStream(url, leaving.signal)));
  await Promise.all(opened.map(({ told }) => told(1)));
  const began = performance.now();
  const killed = system.call(`/v1/flags/${key}/kill`, { method: 'POST', body: {} });
  await Promise.all([killed, ...opened.map(({ told }) => told(2))]);
  const ms = performance.now() - began;
  leaving.abort();
  return ms;
};

/** A stream, and the moment at which it has told so many events. */
const openStream = async (url: string, signal: AbortSignal) => {
  const { body, status } = await fetch(url, { signal });
  if (!body || status !== 200) throw new Error(`A stream was answered ${status}.`);
  const waiting: { count: number; resolve: () => void }[] = [];
  let events = 0;
  const read = async () => {
    for await (const chunk of body) {
      events += Buffer.from(chunk).toString().split('event: message').length - 1;
      for (const { count, resolve } of waiting) if (events >= count) resolve();
    }
  };
  read().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  const told = (count: number) =>
    new Promise<void>((resolve) => {
      waiting.push({ count, resolve });
      if (events >= count) resolve();
    });
  return { told };
};
