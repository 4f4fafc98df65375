// Image files in browsers: what `decodeImage` does in Node, without Node. With the codecs of DICOM, unlike ./image.
export { decodeImageFile, type ImageFileOptions } from './browser/decodeImageFile.js';
export { type CodecName, setCodecBinaries } from './dicom/codecs.js';
export type { RawImage } from './image/decodeRaw.js';
export { levelsForModel } from './image/scaleValues.js';
