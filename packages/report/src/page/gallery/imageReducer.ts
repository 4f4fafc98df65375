/** Re-encodes an image so that more of them fit on a page: at most `size` pixels on its longer side. */
export type ImageReducer = (bytes: Uint8Array, size: number) => Promise<Uint8Array>;

/** Makes images smaller with `sharp` where it is installed; null where it is not. */
export async function imageReducer(): Promise<ImageReducer | null> {
  const sharp = await import('sharp').then((module) => module.default).catch(() => null);
  if (sharp === null) return null;
  return async (bytes, size) => {
    const smaller = await sharp(bytes)
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 72, effort: 6 })
      .toBuffer();
    return smaller.length < bytes.length ? smaller : bytes;
  };
}
