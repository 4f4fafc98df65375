// Probabilities of one image in evaluation mode, as a program that serves images asks for them.
import { createModel } from '@nonlocal-med/models';
import * as tf from '@tensorflow/tfjs-core';
import { begin, matrixProductPeak } from './begin.mjs';
import { input, serve } from './serve.mjs';

const { name, batch, size, options = {}, repeat } = input;
const facts = await begin();
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);

function infer() {
  const logits = tf.tidy(() => model.apply(images, { training: false }));
  logits.dataSync();
  logits.dispose();
}

await serve(facts, infer, { repeat, commands: { peak: matrixProductPeak } });
