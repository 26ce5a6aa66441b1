import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundleFunctions, maxBundleBytes } from './bundles.ts';
import { addTenantry } from './tenantry.ts';

const app = new App();
const bundles = bundleFunctions(path.dirname(import.meta.dirname), app.outdir);
addTenantry(app, bundles);
app.synth();

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`.padStart(8);
const sizes = Object.entries(bundles).map(([name, { bytes }]) => `${kilobytes(bytes)}  ${name}`);
process.stderr.write(`Bundles, unzipped (at most ${kilobytes(maxBundleBytes).trim()}):\n${sizes.join('\n')}\n`);
