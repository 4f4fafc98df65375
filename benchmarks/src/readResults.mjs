import { readFileSync } from 'node:fs';

/**
 * Reads a results file: the machine of its last run, and the last measurement of each case. Earlier versions wrote
 * `remarks` as `told`.
 */
export function readResults(file) {
  const cases = new Map();
  let machine;
  for (const line of readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))) {
    if (line.machine !== undefined) machine = line.machine;
    else {
      const { told, remarks = told, ...measured } = line;
      cases.set(`${line.topic} ${line.name}`, { ...measured, remarks });
    }
  }
  return { machine, cases: [...cases.values()] };
}
