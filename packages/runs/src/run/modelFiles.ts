/** Files in the folder of an exported model, beside its network and weights. */
export const modelFiles = {
  /** Calibration and operating points. */
  decision: 'decision.json',
  /** Statistics of the training images, from which an image unlike them is recognized. */
  statistics: 'training-statistics.json',
  /** An input and what the model gives for it. */
  selfTest: 'self-test.json',
} as const;
