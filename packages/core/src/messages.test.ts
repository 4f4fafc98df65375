import { expect, it } from 'vitest';
import { count, formatBytes } from './messages.js';

it.each([
  [count(0, 'image'), '0 images'],
  [count(1, 'image'), '1 image'],
  [count(2, 'image'), '2 images'],
  [count(1, 'class', 'classes'), '1 class'],
  [count(2, 'class', 'classes'), '2 classes'],
])('returns %j', (text, expected) => {
  expect(text).toBe(expected);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1023, '0.999 KiB'],
  [1536, '1.50 KiB'],
  [1020 * 1024 ** 2, '0.996 GiB'],
  [999 * 1024 ** 2, '999 MiB'],
  [3 * 1024 ** 3, '3.00 GiB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
