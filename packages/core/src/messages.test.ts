import { expect, it } from 'vitest';
import { count } from './messages.js';

it.each([
  [count(0, 'image'), '0 images'],
  [count(1, 'image'), '1 image'],
  [count(2, 'image'), '2 images'],
  [count(1, 'class', 'classes'), '1 class'],
  [count(2, 'class', 'classes'), '2 classes'],
])('returns %j', (text, expected) => {
  expect(text).toBe(expected);
});
