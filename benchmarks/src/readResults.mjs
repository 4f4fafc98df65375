import { readFileSync } from 'node:fs';

/** A file of kept results: the machine of its last run, and the last measurement of each case. */
export function readResults(file) {
  const cases = new Map();
  let machine;
  for (const line of readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))) {
    if (line.machine !== undefined) machine = line.machine;
    else cases.set(`${line.topic} ${line.name}`, line);
  }
  return { machine, cases: [...cases.values()] };
}
