import { createHash } from 'node:crypto';

interface Content {
  readonly id: string;
  readonly className: string;
  readonly hash: string;
}

/** SHA-256 over the classes in their order and over each image's id, class and content; the images' order does not matter. */
export function fingerprintOf(classes: readonly string[], contents: readonly Content[]): string {
  const lines = contents
    .map(({ id, className, hash }) => JSON.stringify([id, className, hash]))
    .sort();
  return createHash('sha256')
    .update([JSON.stringify(classes), ...lines].join('\n'))
    .digest('hex');
}
