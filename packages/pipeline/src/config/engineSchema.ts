import { z } from 'zod';

/** Where the numbers run. */
export const engineSchema = z
  .strictObject({
    backend: z
      .enum(['auto', 'native', 'wasm'])
      .default('auto')
      .describe('Native TensorFlow, wasm, or native with wasm where it is missing.'),
    device: z
      .enum(['auto', 'cpu', 'cuda'])
      .default('auto')
      .describe('Device of native TensorFlow.'),
    threads: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Threads of native TensorFlow; default: one a core. The last bits of a result depend on it.',
      ),
    kernels: z
      .enum(['measured', 'fixed'])
      .default('measured')
      .describe(
        'Between equal kernels of TensorFlow: the fastest, measured once on this machine, or a fixed order. The last bits of a result depend on it.',
      ),
    graph: z
      .boolean()
      .default(true)
      .describe(
        'Steps and batches become one graph of TensorFlow each: a tenth to a third faster, the same bits.',
      ),
  })
  .describe('Where the numbers run.');
