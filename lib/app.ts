import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundleFunctions, maxBundleBytes } from './bundles.ts';
import { buildConsolePages } from './console/pages.ts';
import { addTenantry } from './tenantry.ts';

const app = new App();
const root = path.dirname(import.meta.dirname);
const bundles = bundleFunctions(root, app.outdir);
const pages = buildConsolePages(root, app.outdir);
addTenantry(app, bundles, pages);
app.synth();

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`.padStart(8);
const sizes = Object.entries(bundles).map(([name, { bytes }]) => `${kilobytes(bytes)}  ${name}`);
process.stderr.write(`Console: ${kilobytes(pages.bytes).trim()}\n`);
process.stderr.write(`Bundles, unzipped (at most ${kilobytes(maxBundleBytes).trim()}):\n${sizes.join('\n')}\n`);
