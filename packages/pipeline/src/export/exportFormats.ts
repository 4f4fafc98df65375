/** Formats that a model can be exported to, by the name of their option. */
export const exportFormats = {
  onnx: 'ONNX (ONNX Runtime, OpenVINO, TensorRT, ...)',
  'saved-model': 'SavedModel of TensorFlow (Python, TensorFlow Serving)',
  pytorch: 'a PyTorch module as source code, with its weights',
} as const;

/** A format that a model can be exported to. */
export type ExportFormat = keyof typeof exportFormats;

/** Files of an export, beside its model. */
export const exportFiles = {
  onnx: 'model.onnx',
  savedModel: 'saved_model.pb',
  /** What the model says about itself, also inside an ONNX file. */
  metadata: 'metadata.json',
  /** What the model has to give for `goldenInput`. */
  golden: 'golden.json',
  /** Two prepared images, float32. */
  goldenInput: 'golden-input.npy',
  /** Reads and prepares images in Python. */
  readImage: 'read_image.py',
  preprocess: 'preprocess.py',
  /** The PyTorch module, and the program that predicts images with it. */
  pytorch: 'model.py',
  predict: 'predict.py',
  weights: 'weights.safetensors',
} as const;

/** The folder of a version of a SavedModel, as TensorFlow Serving expects it, and what is kept in it besides. */
export const servedFolder = { version: '1', extra: 'assets.extra' } as const;
