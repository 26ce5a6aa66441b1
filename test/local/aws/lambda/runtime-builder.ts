import { fileURLToPath } from 'node:url';
import { FaultRegistry } from '#local/aws/lambda/faults.ts';
import { FunctionRuntime, type RunnableSpec, type RuntimeOptions } from '#local/aws/lambda/runtime.ts';

const handlersFolder = fileURLToPath(new URL('handlers', import.meta.url));

/** A function of the folder `handlers`, with the limits of an ordinary one. */
export const aFunction = (entry: string, spec: Partial<RunnableSpec> = {}): RunnableSpec => ({
  entry: `${entry}.ts`,
  seconds: 20,
  memoryMb: 512,
  ...spec,
});

/** A runtime over these functions, with no fault in it. */
export const aRuntime = (functions: Record<string, RunnableSpec>, options: Partial<RuntimeOptions> = {}) => {
  const faults = new FaultRegistry(Object.keys(functions));
  const runtime = new FunctionRuntime({
    functions,
    root: handlersFolder,
    faults,
    onFailure: () => undefined,
    ...options,
  });
  return { faults, invoke: runtime.invoke, runtime };
};
