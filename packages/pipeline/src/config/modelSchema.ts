import { z } from 'zod';

/** The network; options of its own stand beside the name and are checked against the model. */
export const modelSchema = z
  .looseObject({
    name: z
      .string()
      .min(1)
      .default('resnet18-nla')
      .describe('Name of a model, see `trainer start models`.'),
    weights: z
      .string()
      .min(1)
      .optional()
      .describe('Pre-trained weights: a .pth or .safetensors file, or "imagenet".'),
  })
  .describe('The network and its options.');
