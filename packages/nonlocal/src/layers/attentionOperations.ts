import type { ResolvedAttentionConfig } from './nonLocalAttentionConfig.js';

/** What the number of operations of a non-local attention module depends on besides its options. */
interface AttentionSizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Channels of theta and phi. */
  readonly inner: number;
  /** Channels of g. */
  readonly values: number;
}

/** Multiply-adds per image (docs/specification.md, sections 3.1 and 6.3), in the order of computation used here. */
export function attentionOperations(
  { mode, subSample }: Pick<ResolvedAttentionConfig, 'mode' | 'subSample'>,
  { height, width, channels, inner, values }: AttentionSizes,
): number {
  const queries = height * width;
  const pooled = Math.floor(height / 2) * Math.floor(width / 2);
  const keys = subSample === 'none' ? queries : pooled;
  const projected = subSample === 'input' ? pooled : queries; // positions that phi and g are applied to
  const projections =
    channels *
    (mode === 'gaussian' ? projected * values : queries * inner + projected * (inner + values));
  switch (mode) {
    case 'dot':
      return projections + (keys + queries) * inner * values;
    case 'concat':
      return projections + (queries + keys) * inner + queries * keys * values;
    case 'softmax':
    case 'gaussian':
      return projections + queries * keys * (inner + values);
  }
}
