import type { KnipConfig } from 'knip';
import { functionNames, functionSpecs } from '#functions/manifest.ts';

/** Where code is entered from outside, beyond the npm scripts; what nothing of it reaches is dead. */
const config: KnipConfig = {
  entry: [
    ...functionNames.map((name) => functionSpecs[name].entry),
    'lib/app.ts',
    // Named by its page, console/index.html.
    'console/main.tsx',
    'console/vite.config.ts',
    'test/proofs/*.proof.ts',
    // Run by name, each in a process of its own.
    'test/bench/*.ts',
    // Run as they stand in the documentation.
    'examples/using-flags/*.ts',
    // Loaded by path, as Lambda does.
    'test/local/aws/lambda/handlers/*.ts',
  ],
  project: ['**/*.{ts,tsx}'],
  // A type that an exported signature names is part of it, whether or not anyone else needs its name.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
