import { median } from './median.mjs';

/** TensorFlow in Node records its graph during the first three. */
const WARM = 5;
const MEASURED = 15;

/**
 * How a runtime computes a network: the largest difference of a logit, relative to the largest one, and the time of an image.
 * @param apply values of an image -> logits
 * @param example prepared images, and their logits
 */
export async function measureNetwork(apply, { images, logits }) {
  let difference = 0;
  const inputs = images.map((values) => Float32Array.from(values));
  const largest = Math.max(1, ...logits.flat().map(Math.abs));
  for (const [index, values] of inputs.entries()) {
    const found = await apply(values);
    for (const [label, expected] of logits[index].entries())
      difference = Math.max(difference, Math.abs(found[label] - expected) / largest);
  }
  const times = [];
  for (let i = 0; i < WARM + MEASURED; i++) {
    const began = performance.now();
    await apply(inputs[i % inputs.length]);
    if (i >= WARM) times.push(performance.now() - began);
  }
  return { difference, milliseconds: median(times) };
}
