import type { KernelCall, NativeKernels } from './nativeKernels.js';

/** oneDNN's kernels that this package uses, by the name of the plain kernel that each replaces. */
const ONE_DNN = {
  Conv2D: '_MklNativeConv2D',
  Conv2DBackpropInput: '_MklNativeConv2DBackpropInput',
  Conv2DBackpropFilter: '_MklNativeConv2DBackpropFilter',
  DepthwiseConv2dNative: '_MklNativeDepthwiseConv2dNative',
  DepthwiseConv2dNativeBackpropInput: '_MklNativeDepthwiseConv2dNativeBackpropInput',
  DepthwiseConv2dNativeBackpropFilter: '_MklNativeDepthwiseConv2dNativeBackpropFilter',
  FusedBatchNormV3: '_MklNativeFusedBatchNormV3',
  FusedBatchNormEx: '_MklNativeFusedBatchNormEx',
  FusedBatchNormGradV3: '_MklNativeFusedBatchNormGradV3',
  MaxPool: '_MklNativeMaxPool',
  MaxPoolGrad: '_MklNativeMaxPoolGrad',
  MatMul: '_MklMatMul',
  BatchMatMulV2: '_MklBatchMatMulV2',
  Softmax: '_MklSoftmax',
} as const;

/**
 * The call of oneDNN's version of a kernel, whatever TF_ENABLE_ONEDNN_OPTS is set to.
 * @param plain the kernel that it replaces, and the attributes of both
 * @returns undefined if this TensorFlow or this device does not have it
 */
export function oneDnn(
  kernels: NativeKernels,
  plain: KernelCall & { readonly name: keyof typeof ONE_DNN },
): KernelCall | undefined {
  const name = ONE_DNN[plain.name];
  return kernels.has(name)
    ? { name, attributes: { ...plain.attributes, _kernel: 'MklNameChangeOp' } }
    : undefined;
}
