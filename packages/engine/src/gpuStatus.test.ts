import { expect, it } from 'vitest';
import { explainUnusedGpu } from './gpuStatus.js';

// The first four were logged by TensorFlow 2.21 with CUDA without a GPU and with stub drivers; the fifth is from its source.
it.each([
  [
    "W0000 gpu_device.cc:2431] Could not load dynamic library 'libcusolver.so.11'; dlerror: x\nCould not load dynamic library 'libcufft.so.11'\nCannot dlopen some GPU libraries",
    'it could not load libcusolver.so.11, libcufft.so.11',
  ],
  [
    'I0000 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.',
    'it found no CUDA driver',
  ],
  [
    'E0000 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)',
    'the driver refused to start (INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303))',
  ],
  [
    'E0000 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (100)',
    'the driver sees no GPU (CUDA_VISIBLE_DEVICES, or a container without one)',
  ],
  [
    'W0000 00:00 gpu_device.cc:2300] Ignoring visible gpu device with compute capability 5.0',
    'Ignoring visible gpu device with compute capability 5.0',
  ],
  ['', 'TensorFlow gave no reason'],
])('explains %j', (log, reason) => {
  expect(explainUnusedGpu(log)).toBe(reason);
});
