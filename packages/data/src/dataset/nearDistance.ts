/**
 * Bits of the 256 of a perceptual hash in which two images may differ and still count as nearly equal. Copies saved anew
 * as JPEG of quality 50, of half the size or with another gamma differ in at most 14 (878 fundus photographs, 898 chest
 * X-rays, every tenth tried); the nearest of the 788,000 pairs of different images differ in 16 and in 52.
 */
export const nearDistance = 14;
