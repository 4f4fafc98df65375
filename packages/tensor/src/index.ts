export { conv2d } from './operations/conv2d.js';
export { depthwiseConv2d } from './operations/depthwiseConv2d.js';
export type { WindowOptions } from './operations/slidingWindow.js';
export { maxPool, type PoolOptions } from './operations/maxPool.js';
export { adaptiveAveragePool, adaptiveMaxPool, type BinRule } from './operations/adaptivePool.js';
export {
  globalAveragePool,
  globalMaxPool,
  channelMax,
  channelMean,
} from './operations/globalPool.js';
export { batchNormTrain, type BatchNormTrainOptions } from './operations/batchNormTrain.js';
export type { RunningStatistics } from './operations/runningStatistics.js';
export {
  synchronizeBatchNorm,
  type NormalizationGroup,
} from './operations/synchronizedBatchNorm.js';
export {
  batchNormInference,
  type BatchNormInferenceOptions,
} from './operations/batchNormInference.js';
export type { Activation } from './operations/fusedBatchNorm.js';
export { relu, addRelu } from './operations/relu.js';
export { linear } from './operations/linear.js';
export { matMul, type MatMulOptions } from './operations/matMul.js';
export { softmax } from './operations/softmax.js';
export { resizeBilinear } from './operations/resizeBilinear.js';
export { interleaveChannels } from './operations/interleaveChannels.js';
export { softmaxCrossEntropy, type CrossEntropyOptions } from './operations/softmaxCrossEntropy.js';
export {
  sigmoidCrossEntropy,
  type SigmoidCrossEntropyOptions,
} from './operations/sigmoidCrossEntropy.js';
export {
  sigmoidFocalLoss,
  type SigmoidFocalOptions,
  softmaxFocalLoss,
  type SoftmaxFocalOptions,
} from './operations/focalLoss.js';
export {
  createAdamKernel,
  type AdamKernel,
  type AdamMoments,
  type AdamStep,
} from './native/adamKernel.js';
export { asGraph, type GraphComputation, type RepeatedComputation } from './graph/asGraph.js';
export { recordGraph, type RecordableComputation } from './portable/recordGraph.js';
export type {
  GraphCall,
  GraphConstant,
  GraphValue,
  PortableGraph,
} from './portable/portableGraph.js';
export { encodeSavedGraph, loadSavedGraph, type SavedGraph } from './portable/saveGraph.js';
export { encodeOnnx, type OnnxOptions } from './portable/onnx/encodeOnnx.js';
export {
  autocast,
  inFloat32,
  isAutocast,
  toBfloat16,
  toFloat32,
  type MixedPrecisionComputation,
} from './precision/autocast.js';
export {
  bfloat16Support,
  type Bfloat16Support,
  type ProcessorFacts,
} from './precision/bfloat16Support.js';
export {
  kernelChoices,
  precisionOfChoices,
  setKernelChoices,
  type ChoiceOptions,
  type KernelChoices,
  type SharedChoices,
} from './native/kernelChoices.js';
export { setFastPaths } from './native/fastPaths.js';
export { toFloat16 } from './weights/halfPrecision.js';
export { readSafetensors } from './weights/readSafetensors.js';
export { readTorchCheckpoint } from './weights/readTorchCheckpoint.js';
export type { StoredElements, StoredTensor, StoredType } from './weights/storedTensor.js';
export {
  streamSafetensors,
  writeSafetensors,
  type LazyTensor,
} from './weights/writeSafetensors.js';
export type { InitialRule } from './layers/initialTensor.js';
export { modelWeights, type ModelWeight } from './layers/modelWeights.js';
export {
  SeededLayer,
  type LayerConfig,
  type SeededLayerConfig,
  type SeededWeightOptions,
} from './layers/seededLayer.js';
export { channelsOf, singleInput, singleShape, slidingLength } from './layers/shapes.js';
