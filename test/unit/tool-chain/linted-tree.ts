import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

interface Report {
  number_of_files: number;
  diagnostics: { code: string; filename: string; message: string }[];
}

/** Lints files, given as path and text, under this project's own configuration: which rules fired in which file. */
export const lintTree = (files: ReadonlyMap<string, string>): Map<string, string[]> => {
  const tree = mkdtempSync(path.join(tmpdir(), 'tenantry-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
      copyFileSync(path.join(root, name), path.join(tree, name));
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
    for (const [file, text] of files) {
      mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    return rulesByFile(run(tree), files);
  } finally {
    rmSync(tree, { recursive: true });
  }
};

const run = (tree: string): Report => {
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: tree, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not report: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Report;
};

const rulesByFile = ({ diagnostics, number_of_files }: Report, files: ReadonlyMap<string, string>) => {
  if (number_of_files !== files.size) throw new Error(`${number_of_files} of ${files.size} files were linted`);
  const fired = new Map([...files.keys()].map((file): [string, string[]] => [file, []]));
  for (const { code, filename, message } of diagnostics) {
    const rules = fired.get(filename);
    if (!rules) throw new Error(`${filename}: ${code} ${message}`);
    rules.push(/\((.*)\)/.exec(code)?.[1] ?? code);
  }
  return fired;
};
