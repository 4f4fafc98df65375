// node predictExported.mjs FOLDER: the probabilities of a fixed image, from an exported model, on the wasm backend.
import { folderHandler } from '@nonlocal-med/models/node';
import * as tf from '@tensorflow/tfjs';

import '@tensorflow/tfjs-backend-wasm';
import '@nonlocal-med/models';

await tf.setBackend('wasm');
const model = await tf.loadLayersModel(folderHandler(process.argv[2]));
const [, height, width] = model.inputs[0].shape;
const pixels = Float32Array.from({ length: height * width * 3 }, (_, i) => (i * 37) % 256);
const probabilities = model.predict(tf.tensor4d(pixels, [1, height, width, 3])).dataSync();
console.log(JSON.stringify([...probabilities]));
