import { cpSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { config } from '#config';
import { type FunctionName, functionNames, functionSpecs } from '#functions/manifest.ts';

/** The maximum size of a function's code, unzipped, in bytes: it is loaded on every cold start. */
export const maxBundleBytes = 1_500_000;

export interface Bundle {
  folder: string;
  /** Unzipped, in bytes. */
  bytes: number;
}

const schemaFolder = 'schema';

/** The path of the application's migrations in Lambda, for the functions that run them. */
export const deployedSchema = `/var/task/${schemaFolder}`;

// CommonJS packages inside an ES module still call require().
const requireBanner = "import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);";

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => statSync(path.join(folder, file)))
    .reduce((bytes, file) => bytes + (file.isFile() ? file.size : 0), 0);

/** Bundles every function of the manifest into `<target>/bundles/<name>`, in one pass. Throws if a bundle is too large. */
export const bundleFunctions = (root: string, target: string): Readonly<Record<FunctionName, Bundle>> => {
  const folder = path.join(target, 'bundles');
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(functionNames.map((name) => [`${name}/index`, functionSpecs[name].entry])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    // Keeps function names in stack traces without loading a source map on every cold start.
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: requireBanner },
    // An optional dependency that pg loads only on demand.
    external: ['pg-native'],
    alias: { jiti: fileURLToPath(import.meta.resolve('#lib/without-jiti.ts')) },
    legalComments: 'none',
    logLevel: 'error',
  });
  for (const name of functionNames.filter((one) => functionSpecs[one].migrates)) {
    cpSync(path.join(root, config.schema), path.join(folder, name, schemaFolder), { recursive: true });
  }
  const bundles = Object.fromEntries(
    functionNames.map((name) => [name, { folder: path.join(folder, name), bytes: sizeOf(path.join(folder, name)) }]),
  ) as Record<FunctionName, Bundle>;
  const heavy = functionNames.filter((name) => bundles[name].bytes > maxBundleBytes);
  if (heavy.length > 0) throw new Error(`Larger than ${maxBundleBytes} bytes: ${heavy.join(', ')}`);
  return bundles;
};
