/*
 * Renders the figures of docs/performance.md from a results file: node benchmarks/figures.mjs RESULTS.jsonl
 * Uses the last measurement of each case in the file. Writes docs/images/performance-*.svg.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as Plot from '@observablehq/plot';
import { plotSvg } from './src/plotSvg.mjs';
import { readResults } from './src/readResults.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('node benchmarks/figures.mjs RESULTS.jsonl');
const { machine, cases } = readResults(file);
const seconds = ({ wall }) => wall / 1e3;
const NAMES = {
  ours: 'nonlocal-med',
  PyTorch: 'PyTorch',
  plain: 'PyTorch, plain',
  sdpa: 'PyTorch, SDPA as called',
  padded: 'PyTorch, SDPA padded',
  fused: 'PyTorch, SDPA padded',
};

/** One point per side and case of a topic. */
const points = (topic, pick, x) =>
  cases
    .filter((found) => found.topic === topic && pick(found))
    .flatMap((found) =>
      found.sides.map((side) => ({
        x: x(found),
        seconds: seconds(side),
        mebibytes: side.rss,
        side: NAMES[side.side],
      })),
    );

const COLORS = {
  'nonlocal-med': '#0b6e4f',
  PyTorch: '#c1440e',
  'PyTorch, plain': '#c1440e',
  'PyTorch, SDPA as called': '#d98e04',
  'PyTorch, SDPA padded': '#5b5ea6',
};
const base = {
  width: 620,
  height: 330,
  marginLeft: 55,
  marginRight: 40,
  grid: true,
  color: { domain: Object.keys(COLORS), range: Object.values(COLORS) },
};
const logarithmic = {
  type: 'log',
  ticks: 6,
  tickFormat: (value) => (/^[125]/.test(value.toExponential()) ? String(value) : ''),
};
/** A line per side, with a legend if there is more than one side. */
const lines = (data, y) => [
  Plot.lineY(data, { x: 'x', y, stroke: 'side', strokeWidth: 1.5 }),
  Plot.dot(data, { x: 'x', y, fill: 'side', r: 3 }),
  ...names(data).map((side, i) =>
    Plot.text([side], {
      frameAnchor: 'top-left',
      dx: 10,
      dy: 8 + 16 * i,
      fill: COLORS[side],
      text: (name) => `● ${name}`,
    }),
  ),
];

function names(data) {
  const found = [...new Set(data.map(({ side }) => side))];
  return found.length > 1 ? found : [];
}

function draw(name, label, options) {
  writeFileSync(
    fileURLToPath(new URL(`../docs/images/performance-${name}.svg`, import.meta.url)),
    plotSvg(options, label),
  );
  console.log(`docs/images/performance-${name}.svg: ${label}`);
}

const attention = points(
  'attention',
  ({ batch }) => batch === 1,
  ({ positions }) => positions,
);
if (attention.length > 0) {
  // A separate axis with explicit ticks, because a logarithmic scale leaves out some of the labels.
  const positions = [...new Set(attention.map((point) => point.x))];
  const axis = Plot.axisX(positions, {
    label: 'positions',
    tickFormat: null,
    text: positions.map((value) => value.toLocaleString('en')),
  });
  const x = { type: 'log', axis: null };
  draw(
    'attention-time',
    `Attention forward and backward, batch 1: seconds by positions, ${machine.processor}`,
    {
      ...base,
      x,
      y: { ...logarithmic, label: 'seconds' },
      marks: [axis, ...lines(attention, 'seconds')],
    },
  );
  draw(
    'attention-memory',
    `Attention forward and backward, batch 1: peak MiB of the process by positions, ${machine.processor}`,
    {
      ...base,
      x,
      y: { ...logarithmic, label: 'peak MiB' },
      marks: [axis, ...lines(attention, 'mebibytes')],
    },
  );
}
const GROWTH = [
  ['batch', 'images per step', 'A training step of resnet18-nla at 224 pixels'],
  ['size', 'image size in pixels', 'A training step of resnet18-nla, four images'],
  ['threads', 'threads', 'A training step of resnet18-nla, four images of 224 pixels'],
  ['workers', 'loader workers', 'Two epochs of resnet18 over 80 JPEGs at 224 pixels'],
  ['images', 'files', 'Prediction by resnet18-nla at 224 pixels'],
];
for (const [quantity, label, what] of GROWTH) {
  const data = points(
    'growth',
    (found) => found.quantity === quantity,
    ({ value }) => value,
  );
  const ticks = [...new Set(data.map((point) => point.x))];
  if (data.length > 0)
    draw(quantity, `${what}: seconds by ${label}, ${machine.processor}`, {
      ...base,
      x: { label, ticks, tickFormat: String },
      y: { label: 'seconds', zero: true },
      marks: lines(data, 'seconds'),
    });
}
