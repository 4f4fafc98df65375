// CLAHE of one grayscale image on one thread; `hash` shows that both sides compute the same.
import { createHash } from 'node:crypto';
import { clahe } from '@nonlocal-med/data';
import { input, serve } from './serve.mjs';

const { size, repeat } = input;
const plane = new Uint8Array(size * size).map((_, i) => {
  const [x, y] = [i % size, Math.floor(i / size)];
  return Math.floor((x * x + 3 * y * y + 7 * x) / 64) + ((x * 7919 + y * 104729) % 31);
});
const output = new Uint8Array(size * size);
const work = () => void clahe(plane, { width: size, height: size, output });
work();
await serve(
  {
    engine: '@nonlocal-med/data',
    threads: 1,
    hash: createHash('sha256').update(output).digest('hex'),
  },
  work,
  { repeat },
);
