// One file for all suites over the templates: loading the CDK takes longer than all of them together.
await import('./access.suite.ts');
await import('./api.suite.ts');
await import('./console.suite.ts');
await import('./data.suite.ts');
await import('./delivery.suite.ts');
await import('./operations.suite.ts');
await import('./shards.suite.ts');
await import('./sign-in.suite.ts');
await import('./tenant-role.suite.ts');
await import('./workflows.suite.ts');
