/** What TensorFlow reads from the environment once, when its libraries are loaded; a user's own settings stay. */
const DEFAULTS: Readonly<Record<string, string>> = {
  /** Freed memory is kept and used again: fewer page issues in training. */
  TF_CPU_ALLOCATOR_USE_BFC: '1',
  /** oneDNN's kernels are called by name where they are faster. */
  TF_ENABLE_ONEDNN_OPTS: '0',
  /** Errors only. */
  TF_CPP_MIN_LOG_LEVEL: '2',
};

/** How to load TensorFlow. */
export interface LoadOptions {
  /** Threads that one operation may use, and operations at a time; what the machine has where not given. */
  readonly threads?: number;
  readonly hideGpu?: boolean;
}

/** Sets TensorFlow's environment before its libraries are loaded. */
export function setNativeEnvironment(
  { threads, hideGpu = false }: LoadOptions,
  env: NodeJS.ProcessEnv = process.env,
): void {
  if (hideGpu) env.CUDA_VISIBLE_DEVICES = '-1';
  for (const [name, value] of Object.entries(DEFAULTS)) env[name] ??= value;
  if (threads === undefined) return;
  env.TF_NUM_INTRAOP_THREADS = String(threads);
  env.TF_NUM_INTEROP_THREADS = String(threads);
}
