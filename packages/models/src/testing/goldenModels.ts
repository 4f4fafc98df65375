import { readFileSync } from 'node:fs';

/** One model of `test/golden/models.json`: what PyTorch computed in float64 from the formula-filled weights. */
export interface GoldenModel {
  readonly logits: number[][];
  readonly losses: number[];
  readonly gradient_norms: Record<string, number>;
  readonly logits_after: number[][];
  readonly running_sums: Record<string, number>;
  readonly parameters: number;
  readonly keys: Record<string, number[]>;
  /** Difference between PyTorch's float32 and float64 runs. */
  readonly float32_spread: {
    readonly logits: number;
    readonly losses: number[];
    readonly gradient_norms: number;
    readonly logits_after: number;
  };
}

export interface GoldenModels {
  readonly batch: number;
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly steps: number;
  readonly salt: string;
  readonly models: Record<string, GoldenModel>;
}

/** The golden file (PyTorch 2.15, torchvision 0.29), written by `test/golden/make_models.py`. */
export function goldenModels(
  file: string | URL = new URL('../../test/golden/models.json', import.meta.url),
): GoldenModels {
  return JSON.parse(readFileSync(file, 'utf8')) as GoldenModels;
}

/** Largest differences of PyTorch's float32 runs from a golden row (`test/golden/spread.py`). */
export interface GoldenSpread {
  readonly logits: number;
  readonly losses: number[];
  readonly gradients: number;
  readonly logits_after: number;
  readonly running: number;
}

export function goldenSpread(): { readonly models: Record<string, GoldenSpread> } {
  return JSON.parse(
    readFileSync(new URL('../../test/golden/spread.json', import.meta.url), 'utf8'),
  ) as { models: Record<string, GoldenSpread> };
}
