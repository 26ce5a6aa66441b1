import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { type FunctionName, functionNames } from '#functions/manifest.ts';
import type { Bundle } from '#lib/bundles.ts';
import type { ConsolePages } from '#lib/console/pages.ts';
import { addTenantry, type Tenantry } from '#lib/tenantry.ts';

// `npm run synth` fails on the CDK's own rules; here their 6 s would be spent again for every app.
process.env['CDK_VALIDATION'] = 'false';

const cdk = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

const allOutput = mkdtempSync(path.join(tmpdir(), 'tenantry-synth-'));
afterAll(() => rmSync(allOutput, { recursive: true }));

/** An app with the repository's own feature flags, in a folder that goes with the test file. */
export const anApp = (context: Record<string, string> = {}): App => {
  const outdir = mkdtempSync(path.join(allOutput, 'app-'));
  return new App({ outdir, context: { ...cdk.context, ...context } });
};

/** Code that stands for every function where a test is not about code. */
export const anyCode = (outdir: string): Record<FunctionName, Bundle> => {
  const folder = path.join(outdir, 'any-code');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'index.mjs'), 'export const handler = () => undefined;');
  return Object.fromEntries(functionNames.map((name) => [name, { folder, bytes: 0 }])) as Record<FunctionName, Bundle>;
};

/** Pages that stand for the console's. */
export const anyPages = (outdir: string): ConsolePages => {
  const folder = path.join(outdir, 'any-pages');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(folder, 'assets', 'main.js'), '');
  return { folder, bytes: 0 };
};

export interface Resource {
  Type: string;
  DeletionPolicy?: string;
  DependsOn?: string[];
  Metadata?: Record<string, unknown>;
  // oxlint-disable-next-line typescript/no-explicit-any -- a template is JSON of every shape
  Properties: any;
}

export interface Synthesised extends Tenantry {
  app: App;
  resources: (stack: Stack | undefined, type?: string) => [string, Resource][];
}

const known = new Map<string, Synthesised>();

/** The stacks as CloudFormation will get them; made once for each context. */
export const synthesised = (context: Record<string, string> = {}): Synthesised => {
  const key = JSON.stringify(context);
  const made = known.get(key) ?? synthesise(context);
  known.set(key, made);
  return made;
};

const synthesise = (context: Record<string, string>): Synthesised => {
  const app = anApp(context);
  const stacks = addTenantry(app, anyCode(app.outdir), anyPages(app.outdir));
  return {
    app,
    ...stacks,
    resources: (stack, type) => {
      if (!stack) return [];
      const all = Object.entries(Template.fromStack(stack).toJSON()['Resources'] as Record<string, Resource>);
      return type === undefined ? all : all.filter(([, resource]) => resource.Type === type);
    },
  };
};

/** A template's value as text, references written `<LogicalId.Attribute>`. */
export const asText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [[key, inner]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (key === 'Fn::Join') return (inner as [string, unknown[]])[1].map(asText).join((inner as [string])[0]);
  if (key === 'Ref') return `<${inner as string}>`;
  if (key === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (key === 'Fn::GetStackOutput') return `<output ${(inner as { OutputName: string }).OutputName}>`;
  return JSON.stringify(value);
};

export const asList = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** The logical id a `Fn::GetAtt` or `Ref` points to. */
export const target = (value: unknown): string => asText(value).slice(1, -1).split('.')[0] ?? '';
