import { writeFile } from 'node:fs/promises';
import { workflows } from './workflows.ts';

/** Writes each workflow's JSON beside it, for people and for the console, which must not load the manifest. */
for (const [name, definition] of Object.entries(workflows)) {
  await writeFile(new URL(`${name}.asl.json`, import.meta.url), JSON.stringify(definition, undefined, 2));
}
