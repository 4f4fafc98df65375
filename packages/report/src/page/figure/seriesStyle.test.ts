import { expect, it } from 'vitest';
import { seriesStyle } from './seriesStyle.js';

it('gives 42 models distinct styles', () => {
  const styles = Array.from({ length: 42 }, (_, i) => seriesStyle(i));
  expect(new Set(styles.map(({ color, dash }) => `${color} ${dash}`)).size).toBe(42);
});
