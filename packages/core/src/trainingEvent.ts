/** An event of a training run; each is one line of `events.jsonl`. */
export type TrainingEvent =
  | {
      readonly type: 'start';
      readonly epochs: number;
      readonly batchesPerEpoch: number;
      /** Where a step takes several batches; otherwise as many as batches. */
      readonly stepsPerEpoch?: number;
      readonly samples: number;
      readonly resumedAtStep: number;
    }
  | {
      readonly type: 'step';
      readonly epoch: number;
      readonly step: number;
      readonly batch: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly milliseconds: number;
      readonly waitMilliseconds: number;
    }
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly trainLoss: number;
      readonly validation?: Readonly<Record<string, number | null>>;
      readonly best: boolean;
      readonly seconds: number;
      readonly residentBytes: number;
      readonly tensors: number;
    }
  | {
      readonly type: 'checkpoint';
      readonly epoch: number;
      readonly step: number;
      readonly kind: 'last' | 'best';
      readonly path: string;
    }
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'end';
      readonly reason: 'finished' | 'early-stop' | 'interrupted';
      readonly epoch: number;
      readonly step: number;
      readonly bestEpoch: number | null;
      readonly seconds: number;
    };

/**
 * A layer that uses random numbers in training (dropout). The training loop sets the step before every step, so that its
 * randomness depends only on the run's seed and the number of the step, and a resumed run repeats it.
 */
export interface StepSeeded {
  setStep(seed: number, step: number): void;
}
