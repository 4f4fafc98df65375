import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { topics } from './topics.mjs';

const usage = `pnpm bench [options]

  --only TOPICS      some of ${Object.keys(topics).join(', ')}; default: all but growth (with --quick: all)
  --python PYTHON    a Python that has torch, torchvision and opencv: measured beside
  --rounds N         default 5
  --threads N        default: one a core (${availableParallelism()})
  --kernels HOW      measured (default) or fixed: how TensorFlow's kernels are chosen
  --results FOLDER   default benchmarks/results
  --quick            small sizes, one round, nothing kept unless --results is given`;

/** Options of the program, checked; prints the usage and ends the process where they ask for it or are wrong (2). */
export function readOptions(args) {
  try {
    return check(parse(args));
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

function parse(args) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    args,
    options: {
      only: text,
      python: text,
      rounds: text,
      threads: text,
      kernels: text,
      results: text,
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!values.help) return values;
  console.log(usage);
  process.exit(0);
}

function check({
  only,
  python,
  quick,
  rounds = quick ? '1' : '5',
  threads = String(availableParallelism()),
  kernels = 'measured',
  results = quick ? undefined : fileURLToPath(new URL('../results', import.meta.url)),
}) {
  const chosen =
    only?.split(',') ?? Object.keys(topics).filter((name) => name !== 'growth' || quick);
  const unknown = chosen.filter((name) => !(name in topics));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')}`);
  if (python !== undefined) checkPython(python);
  if (!['measured', 'fixed'].includes(kernels)) throw new Error(`--kernels: got ${kernels}`);
  return {
    only: chosen,
    python,
    quick,
    kernels,
    results,
    rounds: whole('--rounds', rounds),
    threads: whole('--threads', threads),
  };
}

function checkPython(python) {
  const { error, stderr = '' } = spawnSync(python, ['-c', 'import cv2, torch, torchvision'], {
    encoding: 'utf8',
  });
  const issue = error?.message ?? stderr.trim().split('\n').at(-1);
  if (issue !== '') throw new Error(`--python: ${python} cannot be used: ${issue}`);
}

function whole(name, text) {
  if (!/^[1-9]\d*$/.test(text))
    throw new Error(`${name}: got ${text}, a whole number above 0 is needed`);
  return Number(text);
}
