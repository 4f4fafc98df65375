import type { ResolvedModelOptions } from '@nonlocal-med/models';
import { readPythonFile } from './pythonFile.js';

/** A model to write as a PyTorch module. */
export interface PytorchModel {
  readonly name: string;
  readonly options: ResolvedModelOptions;
  /** Of RGB values in [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly producer: string;
}

/** A part of `model.py`: a file in python/network. */
type Part =
  | 'resNet18'
  | 'shuffleNetV2'
  | 'network'
  | 'plain'
  | 'attention'
  | 'series'
  | 'encoderFusion'
  | 'dualBranch'
  | 'squeezeExcitation'
  | 'blockAttention'
  | 'nonLocalBlocks'
  | 'crissCross';

/** An expression of Python. */
class Expression {
  constructor(readonly text: string) {}
}

/** `model.py`: a PyTorch module of exactly this model, which needs nothing but torch, and how to load its weights. */
export async function pytorchModel(model: PytorchModel): Promise<string> {
  const { parts, className, keywords } = describeNetwork(model);
  const [begin, ...definitions] = await Promise.all(
    ['begin', ...parts, 'end'].map((part) => readPythonFile(`network/${part}.py`)),
  );
  const end = definitions.pop()!;
  const constants = `MEAN, STD = ${literal(model.mean)}, ${literal(model.std)}`;
  return [
    heading(model),
    begin,
    `${constants}\n\n`,
    ...definitions.map((definition) => `${definition}\n`),
    `def create_model():
    """The network, with random weights."""
    return ${className}(${Object.entries(keywords)
      .map(([name, value]) => `${name}=${literal(value)}`)
      .join(', ')})

`,
    end,
  ].join('\n');
}

const heading = ({
  name,
  producer,
}: PytorchModel): string => `"""${name} in PyTorch, as ${producer} trained it.

    from model import load_model, normalize
    model = load_model('weights.safetensors')
    logits = model(normalize(images))  # RGB values 0 to 255 of prepared images, [batch, height, width, 3]

preprocess.py prepares images, and predict.py does all of it.
"""
`;

/** The parts that a model needs, and how it is made from them. */
function describeNetwork({ name, options }: PytorchModel): {
  readonly parts: Part[];
  readonly className: string;
  readonly keywords: Readonly<Record<string, unknown>>;
} {
  const [backbone, ...extension] = name.split('@')[0].split('-');
  const isResNet = backbone === 'resnet18';
  const common = {
    classes: options.classes,
    head: options.head,
    ...(options.head === 'flatten' ? { input_size: options.inputSize } : {}),
    ...(isResNet ? {} : { width: options.width }),
  };
  const before: Part[] = [isResNet ? 'resNet18' : 'shuffleNetV2', 'network'];
  const attention = {
    mode: options.mode,
    scale: options.scale,
    residual: options.residual,
    sub_sample: options.subSample,
  };
  const place = { nam_at: options.namAt, encoder_stages: options.encoderStages };
  switch (extension.join('-')) {
    case 'nam':
      return {
        parts: [...before, 'attention', 'series'],
        className: 'Series',
        keywords: { ...common, ...place, series_mode: options.seriesMode, attention },
      };
    case 'nam-db':
    case 'nla': {
      const { fusion, pools } = options;
      return {
        parts: [...before, 'encoderFusion', 'attention', 'dualBranch'],
        className: 'DualBranch',
        keywords: { ...common, ...place, fusion, pools, attention },
      };
    }
    case 'fusion': {
      const { fuseAt, encoderStages, fusion, pools } = options;
      return {
        parts: [...before, 'encoderFusion'],
        className: 'EncoderFusion',
        keywords: { ...common, at: fuseAt, encoder_stages: encoderStages, fusion, pools },
      };
    }
    case 'se':
      return gated('SqueezeExcitation', {
        reduction: options.reduction,
        use_bias: options.useBias,
      });
    case 'cbam':
      return gated('BlockAttention', { reduction: options.reduction });
    case 'nonlocal': {
      const { pairwise, scale, subSample, placement, batchNorm } = options;
      const mode = pairwise === 'embedded' ? 'softmax' : pairwise;
      return {
        parts: [...before, 'attention', 'nonLocalBlocks'],
        className: 'NonLocalBlocks',
        keywords: {
          ...common,
          placement,
          batch_norm: batchNorm,
          attention: { mode, scale, sub_sample: subSample },
        },
      };
    }
    case 'ccnet': {
      const { ccnet, recurrence, dropout } = options;
      return {
        parts: [...before, 'crissCross'],
        className: 'CrissCrossNetwork',
        keywords: { ...common, ccnet, recurrence, dropout },
      };
    }
    default:
      return { parts: [...before, 'plain'], className: 'Plain', keywords: common };
  }

  function gated(
    className: 'SqueezeExcitation' | 'BlockAttention',
    settings: Readonly<Record<string, unknown>>,
  ): ReturnType<typeof describeNetwork> {
    const part = className === 'BlockAttention' ? 'blockAttention' : 'squeezeExcitation';
    const call = Object.entries(settings).map(([key, value]) => `, ${key}=${literal(value)}`);
    const gate = new Expression(`lambda channels: ${className}(channels${call.join('')})`);
    return {
      parts: [part, ...before, 'plain'],
      className: 'Plain',
      keywords: { ...common, gate },
    };
  }
}

/** A value as Python writes it. */
function literal(value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value.replaceAll(/[\\']/g, '\\$&')}'`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `'${key}': ${literal(inner)}`)
      .join(', ')}}`;
  return String(value);
}
