import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built pages of the console, and their size. */
export interface ConsolePages {
  folder: string;
  bytes: number;
}

/** Builds the console's pages into `<target>/console`. Throws with Vite's output if the build fails. */
export const buildConsolePages = (root: string, target: string): ConsolePages => {
  const folder = path.resolve(target, 'console');
  const vite = path.join(path.dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', 'console', '--outDir', folder, '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file));
  const bytes = files.map((file) => statSync(file)).reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  return { folder, bytes };
};
