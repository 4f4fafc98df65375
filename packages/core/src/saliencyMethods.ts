/**
 * Methods of saliency maps and their titles, as options, recorded maps and pages name them. The class activation maps
 * exist for any layer with a spatial output, the attention maps for layers with non-local attention.
 */
export const saliencyMethods = {
  gradcam: 'Grad-CAM',
  'gradcam++': 'Grad-CAM++',
  layercam: 'LayerCAM',
  hirescam: 'HiResCAM',
  'attention-source': 'attention source',
  'attention-received': 'attention received',
} as const;

/** A method of saliency maps. */
export type SaliencyMethod = keyof typeof saliencyMethods;

/** A method and the layer whose output, or whose attention, it shows. */
export interface SaliencyMap {
  readonly method: SaliencyMethod;
  readonly layer: string;
}

/** Whether a method shows the attention of a layer, not its output. */
export function isAttentionMethod(method: SaliencyMethod): boolean {
  return method.startsWith('attention-');
}

/** A map in words, such as `LayerCAM at e2`. */
export function saliencyMapTitle({ method, layer }: SaliencyMap): string {
  return `${saliencyMethods[method]} at ${layer}`;
}
