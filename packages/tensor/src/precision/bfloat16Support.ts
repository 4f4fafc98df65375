/** What a processor offers for products in bfloat16. */
export interface Bfloat16Support {
  /** Whether TensorFlow can compute in bfloat16. Without the instructions, some of its kernels end the process. */
  readonly isSupported: boolean;
  /** Whether the processor multiplies matrices of bfloat16 (AMX), which is several times faster than float32. */
  readonly isFast: boolean;
  /** What is missing, for messages. */
  readonly reason?: string;
}

/** What {@link bfloat16Support} looks at. */
export interface ProcessorFacts {
  /** Names of the processor's instruction sets, as in `/proc/cpuinfo`; null if they cannot be read. */
  readonly flags: readonly string[] | null;
  /** Limits oneDNN to older instructions: the environment variable ONEDNN_MAX_CPU_ISA. */
  readonly maximumIsa?: string;
}

/** Whether a processor computes in bfloat16. Default: this one. */
export function bfloat16Support(
  { flags, maximumIsa }: ProcessorFacts = processorFacts(),
): Bfloat16Support {
  const no = (reason: string): Bfloat16Support => ({ isSupported: false, isFast: false, reason });
  if (flags === null) return no("this system does not tell its processor's instruction sets");
  const allowed = instructionsUpTo(maximumIsa);
  if (allowed === 'none')
    return no(`ONEDNN_MAX_CPU_ISA is ${maximumIsa}, which leaves out bfloat16 instructions`);
  const hasMatrices = flags.includes('amx_bf16') && flags.includes('amx_tile');
  if (!hasMatrices && !flags.includes('avx512_bf16'))
    return no('this processor has neither AMX-BF16 nor AVX512-BF16 instructions');
  return { isSupported: true, isFast: hasMatrices && allowed === 'matrices' };
}

/** The instructions for bfloat16 that a value of ONEDNN_MAX_CPU_ISA leaves. Names as in oneDNN's documentation. */
function instructionsUpTo(maximumIsa = ''): 'none' | 'vectors' | 'matrices' {
  const isa = maximumIsa.toUpperCase();
  if (isa === '' || isa === 'DEFAULT' || isa === 'ALL' || isa.includes('AMX')) return 'matrices';
  return isa === 'AVX512_CORE_BF16' || isa === 'AVX512_CORE_FP16' || isa.startsWith('AVX10')
    ? 'vectors'
    : 'none';
}

function processorFacts(): ProcessorFacts {
  const { ONEDNN_MAX_CPU_ISA, DNNL_MAX_CPU_ISA } = process.env;
  return { flags: processorFlags(), maximumIsa: ONEDNN_MAX_CPU_ISA ?? DNNL_MAX_CPU_ISA };
}

function processorFlags(): string[] | null {
  try {
    // Not imported, because this package also runs in browsers.
    const text = process.getBuiltinModule('node:fs').readFileSync('/proc/cpuinfo', 'utf8');
    return /^flags\s*:(.*)$/m.exec(text)?.[1].trim().split(/\s+/) ?? null;
  } catch {
    return null;
  }
}
