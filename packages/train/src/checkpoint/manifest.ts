import type { AdamState } from '../optimizer/optimizer.js';
import type { Checkpoint } from './checkpoint.js';

/** What a file must be. */
export interface FileSummary {
  readonly bytes: number;
  readonly sha256: string;
}

/** What the other files of a checkpoint must be for it to count. */
export interface Manifest {
  readonly format: 1;
  readonly files: Readonly<Record<string, FileSummary>>;
}

/** What a checkpoint's `state.json` holds: all of it but the tensors. */
export interface CheckpointState extends Pick<
  Checkpoint,
  'progress' | 'identity' | 'kernelChoices' | 'log'
> {
  readonly optimizerStep?: AdamState['step'];
}
