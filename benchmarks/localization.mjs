/*
 * Which saliency maps find lesions, for the table of docs/explanations.md:
 *   node benchmarks/localization.mjs RUN... [--images N] [--classes true] [--layers e1,e2,...]
 *
 * RUN is a trained run whose data set has lesion masks, such as the two runs of the demonstration. Explains N of its test
 * images (default 150) by every method at every layer, and prints a table per run in Markdown: mean scores over the images
 * with lesions, with 95 % intervals for the pointing game. The explained class is the predicted one, or the true one.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isAttentionMethod, saliencyMethods } from '@nonlocal-med/core';
import { explainRun } from '@nonlocal-med/pipeline';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '150' },
    classes: { type: 'string', default: 'predicted' },
    layers: { type: 'string', default: 'e1,e2,e3,e4,fused,nam' },
  },
});
if (positionals.length === 0) throw new Error('Give the folders of trained runs.');

const number = (value, digits = 3) => (value === null ? '' : value.toFixed(digits));
const interval = ({ mean, lower, upper } = {}) =>
  lower === null ? number(mean) : `${number(mean)} (${number(lower)}-${number(upper)})`;

/** Every method at every layer that the model has, in as many passes as there are kinds of methods. */
async function score(folder, out) {
  const all = Object.keys(saliencyMethods);
  const layers = values.layers.split(',');
  const explain = async (methods, present) =>
    explainRun({
      folder,
      methods,
      layers: present,
      classes: [values.classes],
      images: values.images === 'all' ? 'all' : Number(values.images),
      out: join(out, methods[0]),
    });
  const unknown = await explain(all, layers).catch((error) => error);
  if (!(unknown instanceof Error)) return unknown;
  const missing = new Set(
    unknown.issues.flatMap(({ message }) => /layer "(.+)"/.exec(message)?.[1] ?? []),
  );
  const present = layers.filter((layer) => !missing.has(layer));
  const methods = all.filter((method) => present.includes('nam') || !isAttentionMethod(method));
  return explain(methods, present);
}

for (const folder of positionals) {
  const out = await mkdtemp(join(tmpdir(), 'localization-'));
  try {
    const { index, summary } = await score(folder, out);
    const { withLesions, chance } = summary[0];
    console.log(
      `\n${basename(folder)} (${index.model}, ${index.weights} weights): ${withLesions} images with lesions, chance level ${number(chance, 4)}\n`,
    );
    console.log('| method | layer | pointing game | energy inside | best IoU | zero maps |');
    console.log('|---|---|---|---|---|---|');
    for (const map of summary)
      console.log(
        `| ${saliencyMethods[map.method]} | ${map.layer} | ${interval(map.pointing)} | ${number(map.energyInside?.mean ?? null)} | ${number(map.intersectionOverUnion.mean)} | ${map.zeroMaps} |`,
      );
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
