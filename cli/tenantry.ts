#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import process from 'node:process';

enableCompileCache();
const { main } = await import('./main.ts');

// A reader that stops early, as in `tenantry audit export acme | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2), process);
