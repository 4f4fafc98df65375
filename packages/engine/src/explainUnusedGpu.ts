/** Why TensorFlow did not use a GPU, from what it logged (level 0) while it started; one sentence. */
export function explainUnusedGpu(log: string): string {
  const missing = [...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(
    ([, library]) => library,
  );
  if (missing.length > 0) return `it could not load ${[...new Set(missing)].join(', ')}`;
  if (/cuInit: .*(ERROR_NO_DEVICE|ERROR \(100\))/.test(log))
    return 'the driver sees no GPU (CUDA_VISIBLE_DEVICES, or a container without one)';
  const call = /failed call to cuInit: (.*)/.exec(log)?.[1];
  if (log.includes('Could not find cuda drivers'))
    return `it found no CUDA driver${call === undefined ? '' : ` (${call.trim()})`}`;
  if (call !== undefined) return `the driver refused to start (${call.trim()})`;
  const line = log
    .split('\n')
    .find(
      (text) => /gpu|cuda/i.test(text) && /[EW]\d{4}|error|Skipping|Ignoring|Cannot/i.test(text),
    );
  return line === undefined ? 'TensorFlow does not say why' : line.replace(/^.*?\]\s*/, '').trim();
}
