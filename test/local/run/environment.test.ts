import { expect, onTestFinished, test } from 'vitest';
import { environment } from '#core/contract/platform/names.ts';
import { variablesOf } from '#functions/function-spec.ts';
import { functionSpecs } from '#functions/manifest.ts';
import { runAs } from '#local/aws/lambda/caller.ts';
import { confineEnvironment, functionVariables, streamVariables } from '#local/run/environment.ts';

const variables = {
  ...functionVariables('http://127.0.0.1:4566', 'schema'),
  ...streamVariables('http://127.0.0.1:8787'),
};
const readAs = (functionName: string, variable: string) =>
  runAs({ functionName, requestId: 'run', killed: false }, () => process.env[variable]);

test('a function reads the variables that the manifest gives it, and no others', () => {
  onTestFinished(confineEnvironment(variables));
  for (const [name, spec] of Object.entries(functionSpecs)) {
    const seen = Object.keys(variables).filter((variable) => readAs(name, variable) !== undefined);
    expect(seen.toSorted(), name).toEqual(variablesOf(spec).toSorted());
  }
  expect(readAs('seed-schema', environment.applicationSchema)).toBe('schema');
  expect(readAs('health-check', environment.applicationSchema)).toBeUndefined();
});

test('what is no variable of functions is read and set as ever', () => {
  onTestFinished(confineEnvironment(variables));
  process.env['TENANTRY_TEST'] = 'one';
  process.env['TENANTRY_TEST'] = 'two';
  onTestFinished(() => void delete process.env['TENANTRY_TEST']);
  expect([readAs('activate', 'TENANTRY_TEST'), process.env['PATH']]).toEqual(['two', expect.any(String)]);
});
