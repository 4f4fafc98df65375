// Makes docs/images/demonstration.png from the runs of the demonstration: node scripts/picture.mjs RUNS-FOLDER OUT.png INDEX...
// A row an image: as drawn, its dots, where the baseline looked, where the method looked, and its attention branch alone.
import { join } from 'node:path';
import { preprocess, tinyLesionsImage, toRgb } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { gradCam, overlay } from '@nonlocal-med/explain';
import { openExportedModel } from '@nonlocal-med/experiment';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';

const [runs, out] = process.argv.slice(2, 4);
const [scale, gap, size] = [2, 8, 96];
await useEngine();
const models = { baseline: await openExportedModel(join(runs, 'resnet18')), method: await openExportedModel(join(runs, 'resnet18-nla')) };
const views = [['baseline', 'e4'], ['method', 'fused'], ['method', 'nam']];
const rows = process.argv.slice(4).map(Number);
const tile = ({ data, channels }) => sharp(data, { raw: { width: size, height: size, channels } }).resize(size * scale, size * scale, { kernel: 'nearest' }).png().toBuffer();
const tiles = [];
for (const index of rows) {
  const { pixels, mask } = tinyLesionsImage({ size, seed: 0, index });
  const marked = { ...pixels, data: pixels.data.map((value, i) => (mask.data[Math.floor(i / 3)] > 0 ? [0, 255, 255][i % 3] : value)) };
  const row = [await tile(pixels), await tile(marked)];
  for (const [name, layer] of views) {
    const { logits, preprocessing } = models[name];
    const image = tf.tidy(() => tf.cast(tf.tensor4d(toRgb(preprocess(pixels, preprocessing)).data, [1, size, size, 3], 'int32'), 'float32'));
    const { maps } = gradCam(logits, image, { layer });
    row.push(await tile(overlay(pixels, maps)));
  }
  tiles.push(row);
}
const side = size * scale;
const composite = tiles.flatMap((row, y) => row.map((input, x) => ({ input, left: gap + x * (side + gap), top: gap + y * (side + gap) })));
const picture = { width: gap + tiles[0].length * (side + gap), height: gap + tiles.length * (side + gap), channels: 3, background: 'white' };
await sharp({ create: picture }).composite(composite).png({ compressionLevel: 9, palette: true, quality: 90 }).toFile(out);
