import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { functionNames } from '#functions/manifest.ts';
import { bundleFunctions, maxBundleBytes } from '#lib/bundles.ts';
import { addTenantry } from '#lib/tenantry.ts';
import { anApp, anyCode, anyPages } from './synthesised.ts';

describe('synthesis', () => {
  test('passes cdk-nag', () => {
    const app = anApp();
    addTenantry(app, anyCode(app.outdir), anyPages(app.outdir));
    const { directory } = app.synth();
    const report = JSON.parse(readFileSync(path.join(directory, 'validation-report.json'), 'utf8')) as Report;
    expect(report.pluginReports.flatMap(({ violations }) => violations ?? [])).toEqual([]);
  });
  interface Report {
    pluginReports: { violations?: unknown[] }[];
  }

  test('fails on a finding that nobody acknowledged', () => {
    const app = anApp();
    const stacks = addTenantry(app, anyCode(app.outdir), anyPages(app.outdir));
    const careless = new Queue(stacks.data, 'Careless');
    expect(() => app.synth()).toThrow(new RegExp(`${careless.node.path}.*AwsSolutions-SQS4`, 's'));
  });

  test('acknowledges findings one by one, beside the construct and with a reason', () => {
    const app = anApp();
    addTenantry(app, anyCode(app.outdir), anyPages(app.outdir));
    const acknowledged = app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>))
        .map(([rule, reason]) => ({ rule, reason, at: construct })),
    );
    const ofNag = acknowledged.filter(({ rule }) => rule.includes('AwsSolutions-'));
    expect(ofNag.length).toBeGreaterThan(0);
    for (const { rule, reason, at } of ofNag) {
      expect(Stack.isStack(at) || App.isApp(at), rule).toBe(false);
      expect(reason.length, rule).toBeGreaterThan(40);
    }
  });
});

describe('the bundle of every function', () => {
  const app = anApp();
  const bundles = bundleFunctions(process.cwd(), app.outdir);

  test('weighs at most 1.5 MB unzipped', () => {
    expect(maxBundleBytes).toBe(1_500_000);
    for (const name of functionNames) {
      expect(bundles[name].bytes, name).toBeGreaterThan(1_000);
      expect(bundles[name].bytes, name).toBeLessThanOrEqual(maxBundleBytes);
    }
  });

  test('loads by itself and has a handler', () => {
    const entries = functionNames.map((name) => pathToFileURL(path.join(bundles[name].folder, 'index.mjs')).href);
    const kinds = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        // As Lambda's runtime offers it.
        `globalThis.awslambda = { streamifyResponse: (handler) => handler };
        for (const entry of ${JSON.stringify(entries)}) console.log(typeof (await import(entry)).handler)`,
      ],
      { encoding: 'utf8', cwd: app.outdir, env: { AWS_REGION: 'us-east-1' } },
    );
    expect(kinds.trim().split('\n')).toEqual(functionNames.map(() => 'function'));
  });

  test('that migrates carries the application’s SQL, and no other does', () => {
    for (const name of functionNames) {
      const files = readdirSync(bundles[name].folder);
      expect(files.includes('schema'), name).toBe(name === 'seed-schema');
    }
    expect(readdirSync(path.join(bundles['seed-schema'].folder, 'schema'))).toContainEqual(
      expect.stringMatching(/\.sql$/),
    );
  });
});
