export { conv2d } from './convolution/conv2d.js';
export { depthwiseConv2d } from './convolution/depthwiseConv2d.js';
export type { WindowOptions } from './window.js';
export { maxPool, type PoolOptions } from './pooling/maxPool.js';
export { adaptiveAveragePool } from './pooling/adaptiveAveragePool.js';
export { adaptiveMaxPool } from './pooling/adaptiveMaxPool.js';
export { globalAveragePool } from './pooling/globalAveragePool.js';
export { globalMaxPool } from './pooling/globalMaxPool.js';
export { channelMax } from './pooling/channelMax.js';
export { channelMean } from './pooling/channelMean.js';
export {
  batchNormTrain,
  type Activation,
  type BatchNormTrainOptions,
  type RunningStatistics,
} from './normalization/batchNormTrain.js';
export {
  batchNormInference,
  type BatchNormInferenceOptions,
} from './normalization/batchNormInference.js';
export { relu } from './activation/relu.js';
export { addRelu } from './activation/addRelu.js';
export { linear } from './linear/linear.js';
export { matMul, type MatMulOptions } from './linear/matMul.js';
export { softmaxRows } from './linear/softmaxRows.js';
export type { BinRule } from './resize/bins.js';
export { resizeBilinear } from './resize/resizeBilinear.js';
export { channelShuffle } from './channels/channelShuffle.js';
export { interleaveChannels } from './channels/interleaveChannels.js';
export { softmaxCrossEntropy, type CrossEntropyOptions } from './softmaxCrossEntropy.js';
export { createFusedAdam, type AdamOptions, type AdamState, type FusedAdam } from './fusedAdam.js';
export { asGraph, type GraphComputation, type Repeated } from './graph/asGraph.js';
export { nativeKernels, type NativeKernels } from './native/nativeKernels.js';
export type { KernelAttribute, KernelAttributes } from './native/kernelAttributes.js';
export {
  kernelChoices,
  setKernelChoices,
  type ChoiceOptions,
  type KernelChoices,
} from './native/kernelChoices.js';
export type { SharedChoices } from './native/sharedChoices.js';
export { setFastPaths } from './fastPaths.js';
export { readSafetensors } from './weights/readSafetensors.js';
export { readTorchCheckpoint } from './weights/readTorchCheckpoint.js';
export type { StoredElements, StoredTensor, StoredType } from './weights/storedTensor.js';
export { writeSafetensors } from './weights/writeSafetensors.js';
export type { InitialRule } from './layers/initialTensor.js';
export { modelWeights, type ModelWeight } from './layers/modelWeights.js';
export {
  SeededLayer,
  type LayerConfig,
  type SeededLayerConfig,
  type SeededWeightOptions,
} from './layers/seededLayer.js';
export { channelsOf, singleInput, singleShape, slidingLength } from './layers/shapes.js';
