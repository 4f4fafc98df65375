import type { StoredTensor } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { torchLayout } from './torchLayout.js';
import { weightKeys } from './weightKeys.js';

/**
 * A model's weights and running statistics under their PyTorch names, in PyTorch's layouts, in the model's order; what
 * `torch.nn.Module.state_dict` gives without `num_batches_tracked`.
 */
export function stateDict(model: LayersModel): Map<string, StoredTensor> {
  return new Map(
    weightKeys(model).map((weight) => {
      const { shape, toTorch } = torchLayout(weight);
      return [
        weight.key,
        { dtype: 'F32', shape, data: toTorch(weight.variable.read().dataSync<'float32'>()) },
      ];
    }),
  );
}
