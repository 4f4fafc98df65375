import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { holm, meanAndStandardDeviation, pairedTTest, rocAuc } from '@nonlocal-med/metrics';

export const studyFolder = fileURLToPath(new URL('../../docs/study/', import.meta.url));

/** The tables of docs/study.md in Markdown: two for each experiment that is kept. */
export async function studyTables() {
  const names = readdirSync(studyFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  return (await Promise.all(names.map(experimentTables))).flat();
}

async function experimentTables(name) {
  const { rows, runs } = JSON.parse(await readFile(join(studyFolder, `${name}.json`), 'utf8'));
  const aucs = await repeatedAucs(name);
  return [resultsTable(rows, aucs), attentionTable(rows, runs)];
}

/** The AUC of each row in each repeat, from the kept probabilities. */
export async function repeatedAucs(name) {
  const packed = await readFile(join(studyFolder, `${name}.csv.gz`));
  const [, ...lines] = (await promisify(gunzip)(packed)).toString().trim().split('\n');
  const samples = new Map();
  for (const line of lines) {
    const [row, repeat, truth, ...probabilities] = line.split(',');
    const key = `${row},${repeat}`;
    if (!samples.has(key)) samples.set(key, { row, truths: [], probabilities: [] });
    samples.get(key).truths.push(Number(truth));
    samples.get(key).probabilities.push(...probabilities.map(Number));
  }
  const aucs = new Map();
  for (const { row, truths, probabilities } of samples.values())
    aucs.set(row, [...(aucs.get(row) ?? []), rocAuc(truths, probabilities)]);
  return aucs;
}

/** AUC in percent, and the paired t test over repeats against the first row, with Holm's correction. */
function resultsTable(rows, aucs) {
  const [first, ...others] = rows;
  const tests = others.map(({ key }) => pairedTTest(aucs.get(key), aucs.get(first.key)));
  const adjusted = holm(tests.map(({ pValue }) => pValue));
  const lines = rows.map(({ key, title }, index) => {
    const { mean, standardDeviation } = meanAndStandardDeviation(aucs.get(key));
    const test = tests[index - 1];
    const difference =
      test === undefined
        ? ['', '']
        : [
            `${points(test.difference)} (${points(test.lower)} to ${points(test.upper)})`,
            probability(adjusted[index - 1]),
          ];
    return [
      title,
      `${(100 * mean).toFixed(1)} ± ${(100 * standardDeviation).toFixed(1)}`,
      ...difference,
    ];
  });
  return table(
    ['model', 'AUC, %', `difference from ${first.title} (95 % interval)`, 'p, adjusted'],
    lines,
  );
}

/** What the attention does: the median over repeats, and the range. */
function attentionTable(rows, runs) {
  const lines = rows.flatMap(({ key, title }) => {
    const own = runs.filter(({ row, attention }) => row === key && attention !== undefined);
    if (own.length === 0) return [];
    const over = (value, digits) => {
      const values = own.map(value);
      return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
    };
    const hasGamma = own[0].gamma !== undefined;
    return [
      [
        title,
        over(({ attention }) => attention[0].entropy, 1),
        over(({ attention }) => attention.at(-1).entropy, 1),
        over(({ attention }) => attention[0].onLesions, 2),
        over(({ attention }) => attention.at(-1).onLesions, 2),
        over(({ moved }) => 100 * Math.max(moved.theta, moved.phi), 0),
        hasGamma ? over(({ gamma }) => Math.abs(gamma), 4) : '',
      ],
    ];
  });
  return table(
    [
      'model',
      'entropy, first epoch',
      'last epoch',
      'attention on lesions, first epoch',
      'last epoch',
      'change of theta or phi, %',
      'size of gamma',
    ],
    lines,
  );
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const points = (value) => `${value < 0 ? '-' : '+'}${Math.abs(100 * value).toFixed(2)}`;
const probability = (p) => (p < 0.001 ? '< 0.001' : p.toFixed(3));

const table = (header, lines) =>
  [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
