import { writeFile } from 'node:fs/promises';
import { workflows } from './workflows.ts';

for (const [name, definition] of Object.entries(workflows)) {
  await writeFile(new URL(`${name}.asl.json`, import.meta.url), JSON.stringify(definition, undefined, 2));
}
