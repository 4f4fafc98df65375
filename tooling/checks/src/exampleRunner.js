// Runs examples, given by their files, and appends what each printed to a file: node exampleRunner.js RESULTS FILE...
// Ends after the first one that registers a backend of tfjs, so that no example relies on another one's.
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import { engine } from '@tensorflow/tfjs-core';

const [results, ...files] = process.argv.slice(2);
for (const file of files) {
  const printed = [];
  console.log = (...values) => void printed.push(format(...values));
  let error;
  try {
    await import(`./${file}`);
    if (process.exitCode !== undefined) error = `ended with exit code ${process.exitCode}`;
  } catch (reason) {
    error = String(reason?.stack ?? reason);
  }
  appendFileSync(results, `${JSON.stringify({ file, printed: printed.join('\n'), error })}\n`);
  if (engine().backendNames().length > 0) break;
}
