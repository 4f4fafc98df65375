import {
  type BitReader,
  type HuffmanTable,
  isExhausted,
  isFinished,
  readBits,
  readerOf,
  readSymbol,
  readTables,
} from './huffmanBits.js';
import { isFrame, type JpegSegment, SCAN } from './jpegSegments.js';
import { progressiveBlocks } from './progressiveBlocks.js';

/** Reads the blocks of a scan one after the other. */
export interface BlockReader {
  /** Reads a block, given its index in the scan; false if the data is invalid. */
  readonly read: (reader: BitReader, block: number) => boolean;
  /** Forgets what earlier blocks have said, at a restart marker. */
  readonly restart?: () => void;
  /** Whether the scan may end here. */
  readonly isComplete?: () => boolean;
}

/**
 * Whether the scans of a JPEG file hold exactly as many blocks as its size needs, with no data missing or left over. Lost
 * and overwritten data almost never leaves this number as it was, because blocks differ in length. Decodes the lengths
 * of all codes, but no pixels.
 *
 * @returns undefined for a file that is neither sequential nor progressive with Huffman codes
 */
export function hasExactScans(
  bytes: Uint8Array,
  segments: readonly JpegSegment[],
): boolean | undefined {
  const tables = new Map<number, HuffmanTable>();
  let frame: Frame | undefined;
  let restartInterval = 0;
  for (const { marker, start, end, dataEnd } of segments) {
    const body = bytes.subarray(start + 4, end);
    if (marker === 0xc4) readTables(body, tables);
    else if (marker === 0xdd) restartInterval = body[0] * 256 + body[1];
    else if (isFrame(marker)) {
      if (marker > 0xc2) return undefined;
      frame = readFrame(body, marker === 0xc2);
    } else if (marker === SCAN) {
      const scan = frame === undefined ? undefined : readScan(body, frame, tables);
      const data = bytes.subarray(end, dataEnd);
      if (scan === undefined || !isExact(data, { ...scan, restartInterval })) return false;
    }
  }
  return frame === undefined ? undefined : true;
}

interface Component {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  /** Blocks along each axis in a scan of this channel alone. */
  readonly columns: number;
  readonly rows: number;
  readonly nonzero: Uint8Array;
}

interface Frame {
  readonly progressive: boolean;
  /** Units of a scan of several channels. */
  readonly units: number;
  readonly components: readonly Component[];
}

function readFrame(body: Uint8Array, progressive: boolean): Frame {
  const height = body[1] * 256 + body[2];
  const width = body[3] * 256 + body[4];
  const sampled = Array.from({ length: body[5] }, (_, i) => {
    const [id, sampling] = body.subarray(6 + 3 * i);
    return { id, across: sampling >> 4, down: sampling & 15 };
  });
  const across = Math.max(...sampled.map((component) => component.across));
  const down = Math.max(...sampled.map((component) => component.down));
  return {
    progressive,
    units: Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down)),
    components: sampled.map((component) => {
      const columns = Math.ceil(Math.ceil((width * component.across) / across) / 8);
      const rows = Math.ceil(Math.ceil((height * component.down) / down) / 8);
      const flags = progressive ? 64 * columns * rows : 0;
      return { ...component, columns, rows, nonzero: new Uint8Array(flags) };
    }),
  };
}

/** A scan repeats a unit of blocks: those of all its channels, or one block of its only channel. */
interface Scan {
  readonly units: number;
  readonly blocks: readonly BlockReader[];
}

function readScan(
  body: Uint8Array,
  { progressive, units, components }: Frame,
  tables: ReadonlyMap<number, HuffmanTable>,
): Scan | undefined {
  const count = body[0];
  const [from, to, bits] = body.subarray(1 + 2 * count);
  const blocks: BlockReader[] = [];
  let single: Component | undefined;
  for (let i = 0; i < count; i++) {
    const [id, selectors] = body.subarray(1 + 2 * i);
    const component = components.find((candidate) => candidate.id === id);
    if (component === undefined) return undefined;
    if (count === 1) single = component;
    const first = tables.get(selectors >> 4);
    const others = tables.get(16 + (selectors & 15));
    const { nonzero } = component;
    const block = progressive
      ? progressiveBlocks({ from, to, refines: bits >> 4 > 0, first, others, nonzero })
      : sequentialBlocks(first, others);
    const repeats = count === 1 ? 1 : component.across * component.down;
    blocks.push(...Array<BlockReader>(repeats).fill(block));
  }
  return { units: single === undefined ? units : single.columns * single.rows, blocks };
}

const sequentialBlocks = (
  first: HuffmanTable | undefined,
  others: HuffmanTable | undefined,
): BlockReader => ({
  read(reader) {
    const length = first === undefined ? -1 : readSymbol(reader, first);
    if (others === undefined || length < 0 || length > 16) return false;
    readBits(reader, length);
    for (let k = 1; k < 64; k++) {
      const symbol = readSymbol(reader, others);
      if (symbol < 0) return false;
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run !== 15) break;
      k += run;
      if (k > 63) return false;
      readBits(reader, size);
    }
    return true;
  },
});

/** Whether the data of a scan consists of its units, with restart markers where they belong, and of nothing else. */
function isExact(
  data: Uint8Array,
  { units, blocks, restartInterval }: Scan & { readonly restartInterval: number },
): boolean {
  let at = 0;
  for (let unit = 0; unit < units;) {
    const last = restartInterval === 0 ? units : Math.min(unit + restartInterval, units);
    const end = last === units ? data.length : endOfInterval(data, at);
    const reader = readerOf(data.subarray(at, end));
    for (const block of blocks) block.restart?.();
    for (; unit < last; unit++) {
      for (const block of blocks) if (!block.read(reader, unit)) return false;
      if (isExhausted(reader)) return false;
    }
    if (!isFinished(reader)) return false;
    at = end + 2;
  }
  return blocks.every(({ isComplete }) => isComplete?.() !== false);
}

/** Position of the next restart marker, or the length of the data. */
function endOfInterval(data: Uint8Array, start: number): number {
  for (let at = data.indexOf(0xff, start); at >= 0; at = data.indexOf(0xff, at + 1))
    if (data[at + 1] >= 0xd0 && data[at + 1] <= 0xd7) return at;
  return data.length;
}
