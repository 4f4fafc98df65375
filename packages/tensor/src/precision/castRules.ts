/**
 * Which type the float inputs of a kernel get while `autocast` runs; every other kernel computes in float32.
 *
 * - `lower`: bfloat16.
 * - `follow`: bfloat16 if all of its float inputs are, single values aside, which are cast along; else float32.
 * - a number: the type of that input. With `until`, only the inputs up to that one get it, and those after it stay float32.
 */
export type CastRule = 'lower' | 'follow' | { readonly like: number; readonly until?: number };

/** The conventions of PyTorch's autocast, by TensorFlow's names of kernels. */
const RULES: Readonly<Record<string, CastRule>> = {
  // Where bfloat16 is faster: what multiplies matrices.
  Conv2D: 'lower',
  Conv2DBackpropInput: 'lower',
  Conv2DBackpropFilter: 'lower',
  DepthwiseConv2dNative: 'lower',
  DepthwiseConv2dNativeBackpropInput: 'lower',
  DepthwiseConv2dNativeBackpropFilter: 'lower',
  MatMul: 'lower',
  BatchMatMulV2: 'lower',
  // What moves values, or rounds each result only once.
  Add: 'follow',
  AddV2: 'follow',
  AddN: 'follow',
  Sub: 'follow',
  Mul: 'follow',
  Neg: 'follow',
  Relu: 'follow',
  MaxPool: 'follow',
  Pad: 'follow',
  PadV2: 'follow',
  Slice: 'follow',
  Split: 'follow',
  SplitV: 'follow',
  ConcatV2: 'follow',
  Pack: 'follow',
  Unpack: 'follow',
  Tile: 'follow',
  Transpose: 'follow',
  BiasAdd: { like: 0 },
  // oneDNN takes exponentials and sums of bfloat16 scores in float32.
  Softmax: 'follow',
  // Scale, offset and statistics of a normalization stay float32.
  FusedBatchNormV3: { like: 0, until: 0 },
  FusedBatchNormEx: { like: 0, until: 0 },
  FusedBatchNormGradV3: { like: 1, until: 1 },
  ReluGrad: { like: 1 },
  MaxPoolGrad: { like: 0 },
};

/** The rule of a kernel, oneDNN's or the plain one; undefined for one that computes in float32. */
export function castRule(kernel: string): CastRule | undefined {
  const name = kernel.replace(/^_Mkl(Native)?/, '');
  return Object.hasOwn(RULES, name) ? RULES[name] : undefined;
}
