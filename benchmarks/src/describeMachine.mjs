import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Processor features that determine which kernels are fast. */
const RELEVANT_FLAGS = [
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'amx_tile',
  'asimd',
  'sve',
];

/** Environment variables that affect the number of threads and how they wait. */
const RELEVANT_VARIABLES = /^(OMP|GOMP|KMP|MKL|TF_NUM|TF_ENABLE|TF_CPU)_/;

/** Processor, memory, versions and environment, which are recorded with every run. */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    flags: processorFlags().filter((flag) => RELEVANT_FLAGS.includes(flag)),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    environment: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => RELEVANT_VARIABLES.test(name)),
    ),
  };
}

/** Read from Linux; empty on other systems. */
function processorFlags() {
  try {
    return (
      /^(?:flags|Features)\s*:\s*(.*)$/m
        .exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
        .split(' ') ?? []
    );
  } catch {
    return [];
  }
}
