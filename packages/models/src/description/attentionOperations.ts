import type { NonLocalAttention } from '@nonlocal-med/nonlocal';
import type { Shape } from '@tensorflow/tfjs-layers';

/** Multiply-adds an image of a non-local attention module (spec 3.1, 6.3), as it is computed here. */
export function attentionOperations(layer: NonLocalAttention, inputShape: Shape): number {
  const { mode, subSample } = layer.getConfig() as { mode: string; subSample: string };
  const [, height, width, channels] = inputShape as number[];
  const inner =
    layer.weights.find(({ originalName }) => originalName.endsWith('theta.weight'))?.shape[3] ??
    channels;
  const values = layer.weights.find(({ originalName }) => originalName.endsWith('g.weight'))!
    .shape[3]!;
  const positions = height * width;
  const pooled = Math.floor(height / 2) * Math.floor(width / 2);
  const keys = subSample === 'none' ? positions : pooled;
  const projected = subSample === 'input' ? pooled : positions; // positions that phi and g see
  const projections =
    channels *
    (mode === 'gaussian' ? projected * values : positions * inner + projected * (inner + values));
  switch (mode) {
    case 'dot':
      return projections + (keys + positions) * inner * values;
    case 'concat':
      return projections + (positions + keys) * inner + positions * keys * values;
    default:
      return projections + positions * keys * (inner + values);
  }
}
