import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.js';
import { run } from './outside.js';

/** What became of an example. */
export interface ExampleResult {
  readonly file: string;
  readonly printed: string;
  /** Why it failed. */
  readonly error?: string;
}

/**
 * Runs the examples of a project that has tfjs-core. Those that use no backend of tfjs share a process: its state is what
 * one example could leave to another.
 * @param files names in the folder of the project, such as `core-wrapText.mjs`
 */
export function runExamples(folder: string, files: readonly string[]): Map<string, ExampleResult> {
  copyFileSync(join(root, 'tooling/checks/src/exampleRunner.js'), join(folder, 'exampleRunner.js'));
  const results = new Map<string, ExampleResult>();
  for (let rest = files; rest.length > 0; rest = rest.filter((file) => !results.has(file))) {
    writeFileSync(join(folder, 'results.jsonl'), '');
    const failure = failureOf(() =>
      run(process.execPath, ['exampleRunner.js', 'results.jsonl', ...rest], folder),
    );
    const lines = readFileSync(join(folder, 'results.jsonl'), 'utf8').split('\n').slice(0, -1);
    for (const line of lines) {
      const result = JSON.parse(line) as ExampleResult;
      results.set(result.file, result);
    }
    const running = rest.find((file) => !results.has(file));
    if (lines.length === 0 && running !== undefined)
      results.set(running, { file: running, printed: '', error: failure ?? 'ended the process' });
    else if (failure !== undefined) {
      const { file, printed } = results.get(rest[lines.length - 1])!;
      results.set(file, { file, printed, error: failure });
    }
  }
  return results;
}

function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
