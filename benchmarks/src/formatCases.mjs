import { formatTable } from '@nonlocal-med/terminal';

const columns = [
  { title: 'case' },
  { title: 'side' },
  ...['wall ms', 'CPU ms', 'MiB', 'ours / it (CPU)'].map((title) => ({ title, align: 'right' })),
];

/** Formats the results of a topic as a table of at most 80 columns, followed by remarks. */
export function formatCases(results) {
  const rows = results.flatMap(({ name, sides }) =>
    sides.map(({ side, wall, cpu, rss, ratio }, index) => [
      index === 0 ? name : '',
      side,
      milliseconds(wall),
      milliseconds(cpu),
      String(Math.round(rss)),
      ratio === undefined ? '' : `${ratio.wall.toFixed(2)} (${ratio.cpu.toFixed(2)})`,
    ]),
  );
  return [formatTable(columns, rows), ...results.flatMap(notes)].join('\n');
}

function milliseconds(value) {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

function notes({ name, peak, shareOfPeak, gigaflop, leftOut, remarks, sides }) {
  const share =
    shareOfPeak === undefined
      ? []
      : [
          `${name}: ${Math.round(gigaflop / (sides[0].wall / 1e3))} GFLOP/s, ${Math.round(100 * shareOfPeak)} % of the matrix-product peak (${Math.round(peak)})`,
        ];
  const missing = leftOut.map(
    ({ side, needsMebibytes, availableMebibytes }) =>
      `${name}: ${side} is left out; it needs ${Math.round(needsMebibytes)} MiB, ${availableMebibytes} are available`,
  );
  return [...share, ...missing, ...remarks.map((line) => `${name}: ${line}`)];
}
