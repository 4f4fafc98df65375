/**
 * How a weight starts (spec 2.1, section 4):
 * `torch-uniform` is PyTorch's default for convolutions and linear layers, U(-1/sqrt(fan in), 1/sqrt(fan in));
 * `kaiming-normal` is N(0, sqrt(2 / fan out)); a number is a constant; `{ normal }` is N(0, that deviation).
 */
export type InitialRule = 'torch-uniform' | 'kaiming-normal' | number | { readonly normal: number };

/** How many values go into one output, and how many outputs one input goes into. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}
