// Trains a classifier on a folder with one subfolder of images per class, and tests it:
// node train-on-a-folder.mjs IMAGES [RUN] [EPOCHS]
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';

const [images, run = 'runs/first', epochs = '20'] = process.argv.slice(2);
if (images === undefined)
  throw new Error('usage: node train-on-a-folder.mjs IMAGES [RUN] [EPOCHS]');

// Everything that is not given has a default, and every problem is reported at once. Here a small network on small images,
// to see results in minutes; the paper's is `resnet18-nla` on 386 pixels.
const config = parseRunConfig({
  data: { path: images },
  preprocessing: { size: 64 },
  model: { name: 'shufflenetv2-nla', width: 0.5 },
  training: { epochs: Number(epochs), batchSize: 8 },
});

const { metrics } = await startRun(config, {
  folder: run, // options, log, checkpoints, predictions, metrics and the exported model are kept here
  onNote: (note) => console.log(note),
  onEvent: (event) => {
    if (event.type === 'epoch')
      console.log(`epoch ${event.epoch}: loss ${event.trainLoss.toFixed(3)}`);
  },
});

// Of the last epoch, on the test images. Several findings per image have another report.
if (metrics !== undefined && 'metrics' in metrics.last) {
  const { value, interval } = metrics.last.metrics.auc;
  const range =
    interval && ` (95 % CI ${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)})`;
  console.log(`AUC ${value?.toFixed(2)}${range ?? ''} on ${metrics.last.samples} test images`);
}
console.log(`The trained model is in ${run}/model.`);
