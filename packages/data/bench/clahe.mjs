// CLAHE against OpenCV on one thread, rounds interleaved: node bench/clahe.mjs --python PATH [--rounds N]
// The Python needs opencv-python and numpy. Prints a table and one JSON line; build first.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { clahe } from '../dist/image/clahe.js';
import { claheGrid } from '../dist/image/claheGrid.js';
import { clahePortable } from '../dist/image/clahePortable.js';

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);
const sizes = [96, 224, 386, 512, 1024];
const REPEATS = 20;

/** Answers each line "size repeats" with "milliseconds per call, SHA-256 of the result". */
const OPENCV = `
import sys, time, hashlib, cv2, numpy as np
cv2.setNumThreads(1)
print(cv2.__version__, flush=True)
for line in sys.stdin:
    n, repeats = map(int, line.split())
    y, x = np.mgrid[0:n, 0:n]
    image = (((x * x + 3 * y * y + 7 * x) // 64 + (x * 7919 + y * 104729) % 31) % 256).astype(np.uint8)
    clahe, out = cv2.createCLAHE(2.0, (8, 8)), np.empty_like(image)
    clahe.apply(image, out)
    start = time.perf_counter()
    for _ in range(repeats): clahe.apply(image, out)
    print((time.perf_counter() - start) / repeats * 1e3, hashlib.sha256(out.tobytes()).hexdigest(), flush=True)
`;

const python = spawn(values.python, ['-c', OPENCV], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const answer = async () => (await lines.next()).value;
const version = await answer();
if (version === undefined) throw new Error(`${values.python} has no OpenCV: give one with --python PATH`);

const pattern = (n) => new Uint8Array(n * n).map((_, i) => {
  const [x, y] = [i % n, Math.floor(i / n)];
  return Math.floor((x * x + 3 * y * y + 7 * x) / 64) + ((x * 7919 + y * 104729) % 31);
});
const time = (action) => {
  action();
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++) action();
  return (performance.now() - start) / REPEATS;
};
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const results = [];
for (const n of sizes) {
  const plane = pattern(n);
  const output = new Uint8Array(n * n);
  const grid = claheGrid({ width: n, height: n, tilesX: 8, tilesY: 8 });
  const [ours, portable, opencv] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(time(() => clahe(plane, { width: n, height: n, output })));
    portable.push(time(() => clahePortable(plane, grid, 2, output)));
    python.stdin.write(`${n} ${REPEATS}\n`);
    const [milliseconds, hash] = (await answer()).split(' ');
    opencv.push(Number(milliseconds));
    if (hash !== createHash('sha256').update(output).digest('hex')) throw new Error(`The results differ at ${n} x ${n}.`);
  }
  results.push({ size: n, clahe: median(ours), portable: median(portable), opencv: median(opencv), ratio: median(ours) / median(opencv), portableRatio: median(portable) / median(opencv) });
}
python.stdin.end();
console.table(results.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value.toFixed(3))]))));
console.log(JSON.stringify({ benchmark: 'clahe', unit: 'ms', rounds, opencv: version, node: process.version, cpu: cpus()[0].model, results }));
