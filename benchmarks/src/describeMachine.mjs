import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** What of a processor's abilities decides which kernels are fast. */
const TELLING = [
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'amx_tile',
  'asimd',
  'sve',
];

/** Variables that change how many threads compute and how they wait. */
const DECIDING = /^(OMP|GOMP|KMP|MKL|TF_NUM|TF_ENABLE|TF_CPU)_/;

/** Processor, memory and versions, as they stand beside every result. */
export function describeMachine() {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    flags: processorFlags().filter((flag) => TELLING.includes(flag)),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    environment: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => DECIDING.test(name)),
    ),
  };
}

/** Linux says them; elsewhere they are left out. */
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
