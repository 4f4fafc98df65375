import { expect, it } from 'vitest';
import { overlayNames } from './predictCommand.js';

it('gives every overlay a unique file name', () => {
  expect(overlayNames(['a/x.png', 'b/x.jpg', 'x-2.png', 'c/X.png', 'y.png'])).toEqual(
    ['x', 'x-2', 'x-2-2', 'X-3', 'y'].map((name) => `${name}-grad-cam.png`),
  );
});
