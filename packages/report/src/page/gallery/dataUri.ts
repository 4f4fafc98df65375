const KINDS = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
] as const;

/** An image file's bytes as a data URI; null when they are no PNG, WebP or JPEG. */
export function dataUri(bytes: Uint8Array): string | null {
  const kind = KINDS.find(([, signature]) =>
    signature.every((byte, index) => bytes[index] === byte),
  );
  return kind === undefined
    ? null
    : `data:${kind[0]};base64,${Buffer.from(bytes).toString('base64')}`;
}
