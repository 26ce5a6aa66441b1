import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtOnce } from '#local/built-once.ts';

const suffix = '.asl.json';

/** To judge a workflow takes 0.2 s: what was found valid is known by its text, and by the version of the judge. */
const validateOnce = async (root: string, workflows: Readonly<Record<string, unknown>>) => {
  const parts = [JSON.stringify(workflows)];
  await builtOnce({ root, name: 'valid-workflows', parts }, async (folder) => {
    const { validateDefinition } = await import('./validate-definition.ts');
    for (const [name, definition] of Object.entries(workflows)) validateDefinition(name, definition);
    await mkdir(folder);
  });
};

/** Workflow name → definition, of every file in `workflows/`; throws, naming every fault, where one is not valid. */
export const readWorkflows = async (root: string): Promise<Record<string, unknown>> => {
  const folder = join(root, 'workflows');
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix)).toSorted();
  const read = async (file: string): Promise<[string, unknown]> => [
    file.slice(0, -suffix.length),
    JSON.parse(await readFile(join(folder, file), 'utf8')),
  ];
  const workflows = Object.fromEntries(await Promise.all(files.map(read)));
  await validateOnce(root, workflows);
  return workflows;
};
