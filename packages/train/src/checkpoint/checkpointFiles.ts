/** Files of a checkpoint's folder; the manifest is written last and lists the others with their hashes. */
export const checkpointFiles = {
  manifest: 'manifest.json',
  state: 'state.json',
  weights: 'weights.safetensors',
  optimizer: 'optimizer.safetensors',
} as const;
