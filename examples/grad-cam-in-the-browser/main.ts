// Classifies an image that the user chooses, and shows what in it speaks for the predicted class. The folder `public/model`
// is the `model` folder of a run: cp -r RUN/model grad-cam-in-the-browser/public/model
import { loadClassifier } from '@nonlocal-med/classifier';
import { levelsOfPixels, mapOnImage } from '@nonlocal-med/data/image';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const result = find<HTMLParagraphElement>('result');
const [imageCanvas, mapCanvas] = ['image', 'map'].map((id) => find<HTMLCanvasElement>(id));

setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});
await tf.setBackend('wasm');
const classifier = await loadClassifier(new URL('model/', document.baseURI).href);
result.textContent = `Ready: ${classifier.labels.join(', ')}`;

find<HTMLInputElement>('file').addEventListener('change', ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? [];
  if (file === undefined) return;
  show(file).catch((error: unknown) => {
    result.textContent = error instanceof Error ? error.message : String(error);
  });
});

async function show(file: File): Promise<void> {
  const pixels = draw(await createImageBitmap(file));
  const { labels, probabilities, predicted, maps } = await classifier.classify(pixels, {
    explain: true,
  });
  result.textContent = `${predicted.join(', ')} (${labels
    .map((label, i) => `${label} ${(100 * probabilities[i]).toFixed(1)} %`)
    .join(', ')})`;

  // The map has the size of the network's input: bring it to that of the image.
  const { width, height } = pixels;
  const { size, fit, values } = classifier.preprocessing;
  const image = levelsOfPixels(pixels, values);
  const strengths = mapOnImage(maps[0].values, image, { size, fit, to: [height, width] });
  Object.assign(mapCanvas, { width, height });
  mapCanvas.getContext('2d')!.putImageData(overlay(pixels, strengths), 0, 0);
}

/** Draws an image on the first canvas and returns its pixels. */
function draw(image: ImageBitmap): ImageData {
  const { width, height } = image;
  Object.assign(imageCanvas, { width, height });
  const context = imageCanvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** The image, with red where the map is strong. */
function overlay({ width, height, data }: ImageData, strengths: Float32Array): ImageData {
  const red = [255, 0, 0];
  const blended = data.map((value, i) => {
    if (i % 4 === 3) return 255;
    const strength = 0.7 * strengths[Math.floor(i / 4)];
    return (1 - strength) * value + strength * red[i % 4];
  });
  return new ImageData(blended, width, height);
}
