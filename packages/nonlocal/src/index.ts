export { attention, type AttentionOptions } from './attention.js';
export { withBatchedAttention } from './batchedAttention.js';
export { attentionMap } from './attentionMap.js';
export { crissCrossAttention } from './crissCrossAttention.js';
export { concatenationAttention, dotProductAttention } from './pairwiseAttention.js';
export { NonLocalAttention } from './layers/nonLocalAttention.js';
export type {
  AttentionMode,
  AttentionResidual,
  AttentionSubsampling,
  NonLocalAttentionConfig,
} from './layers/nonLocalAttentionConfig.js';
export {
  NonLocalContextFusion,
  type FusionOperator,
  type NonLocalContextFusionConfig,
} from './layers/nonLocalContextFusion.js';
