import type { WheelRequest } from './wheelRequest.js';

/** Platform tags that NVIDIA's wheels carry. */
const TAGS = [
  'manylinux_2_27_x86_64',
  'manylinux_2_24_x86_64',
  'manylinux_2_17_x86_64',
  'manylinux2014_x86_64',
  'manylinux1_x86_64',
];

function nvidia(name: string, versions: string, megabytes: number): WheelRequest {
  return {
    project: `nvidia-${name}-cu12`,
    versions,
    python: '311',
    platformTags: TAGS,
    size: megabytes * 1e6,
  };
}

/**
 * The libraries that TensorFlow opens at start on a GPU, in the ranges of the wheel's own metadata (extra `and-cuda`),
 * and what those open in turn. Left out: nccl (several GPUs only), cupti (profiler only), curand (not opened).
 */
export const nvidiaWheels: readonly WheelRequest[] = [
  nvidia('cuda-runtime', '>=12.5.82,<13', 4),
  nvidia('cublas', '>=12.5.3.2,<13', 600),
  nvidia('cudnn', '>=9.3.0.75,<10', 700),
  nvidia('cufft', '>=11.2.3.61,<12', 200),
  nvidia('cusolver', '>=11.6.3.83,<12', 340),
  nvidia('cusparse', '>=12.5.1.3,<13', 370),
  nvidia('nvjitlink', '>=12.5.82,<13', 40),
  nvidia('cuda-nvrtc', '>=12.5.82,<13', 90),
  nvidia('cuda-nvcc', '>=12.5.82,<13', 40),
];
