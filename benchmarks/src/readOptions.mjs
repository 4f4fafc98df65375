import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { topics } from './topics.mjs';

const usage = `pnpm bench [options]

  --only TOPICS      comma-separated list of ${Object.keys(topics).join(', ')}; default: all but growth (with --quick: all)
  --python PYTHON    also measure PyTorch and OpenCV with this Python, which needs torch,
                     torchvision and opencv-python
  --rounds N         default 5
  --threads N        default: one per core (${availableParallelism()})
  --kernels HOW      measured (default) or fixed: how TensorFlow's kernels are chosen
  --results FOLDER   default benchmarks/results
  --quick            small sizes, one round, nothing kept unless --results is given`;

/** Reads and checks the options. Prints the usage and exits for `--help` (0) and for invalid options (2). */
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
  const selected =
    only?.split(',') ?? Object.keys(topics).filter((name) => name !== 'growth' || quick);
  const unknown = selected.filter((name) => !(name in topics));
  if (unknown.length > 0) throw new Error(`--only: unknown topic ${unknown.join(', ')}`);
  if (python !== undefined) checkPython(python);
  if (!['measured', 'fixed'].includes(kernels)) throw new Error(`--kernels: got ${kernels}`);
  return {
    only: selected,
    python,
    quick,
    kernels,
    results,
    rounds: readInteger('--rounds', rounds),
    threads: readInteger('--threads', threads),
  };
}

function checkPython(python) {
  const { error, stderr = '' } = spawnSync(python, ['-c', 'import cv2, torch, torchvision'], {
    encoding: 'utf8',
  });
  const issue = error?.message ?? stderr.trim().split('\n').at(-1);
  if (issue !== '') throw new Error(`--python: ${python} cannot be used: ${issue}`);
}

function readInteger(name, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name}: got ${text} (an integer of at least 1)`);
  return Number(text);
}
