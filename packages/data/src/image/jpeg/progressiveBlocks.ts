import type { BlockReader } from './exactScans.js';
import { type BitReader, type HuffmanTable, readBits, readSymbol } from './huffmanBits.js';

/** What a scan of a progressive JPEG adds: coefficients `from` to `to`, and whether it refines them by one bit. */
export interface ProgressiveScan {
  readonly from: number;
  readonly to: number;
  readonly refines: boolean;
  readonly first?: HuffmanTable;
  readonly others?: HuffmanTable;
  /** Which coefficients of a block have become nonzero in earlier scans: 64 flags per block. */
  readonly nonzero: Uint8Array;
}

/** Reads the blocks of a scan without their values (ITU T.81, G.1.2). */
export function progressiveBlocks(scan: ProgressiveScan): BlockReader {
  if (scan.from === 0) return scan.refines ? refineFirst : readFirst(scan);
  let blocksToSkip = 0;
  const readBlock = scan.refines ? refineOthers : readOthers;
  return {
    restart: () => (blocksToSkip = 0),
    read(reader, block) {
      const flags = scan.nonzero.subarray(64 * block, 64 * block + 64);
      const next = readBlock(reader, scan, { flags, blocksToSkip });
      blocksToSkip = next;
      return next >= 0;
    },
    isComplete: () => blocksToSkip === 0,
  };
}

const refineFirst: BlockReader = {
  read(reader) {
    readBits(reader, 1);
    return true;
  },
};

const readFirst = ({ first }: ProgressiveScan): BlockReader => ({
  read(reader) {
    const length = first === undefined ? -1 : readSymbol(reader, first);
    if (length < 0 || length > 16) return false;
    readBits(reader, length);
    return true;
  },
});

interface BlockState {
  readonly flags: Uint8Array;
  /** Blocks, with this one, that hold nothing new in this scan. */
  readonly blocksToSkip: number;
}

/** How many blocks, with this one, a run of blocks without anything new has. */
const runLength = (reader: BitReader, bits: number): number =>
  (1 << bits) + (bits === 0 ? 0 : readBits(reader, bits));

/** @returns the number of further blocks that hold nothing new; -1 if the data is invalid */
function readOthers(
  reader: BitReader,
  { from, to, others }: ProgressiveScan,
  { flags, blocksToSkip }: BlockState,
): number {
  if (blocksToSkip > 0) return blocksToSkip - 1;
  if (others === undefined) return -1;
  for (let k = from; k <= to; k++) {
    const symbol = readSymbol(reader, others);
    if (symbol < 0) return -1;
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && run < 15) return runLength(reader, run) - 1;
    k += run;
    if (k > to) return -1;
    if (size === 0) continue;
    readBits(reader, size);
    flags[k] = 1;
  }
  return 0;
}

/** @returns the number of further blocks that hold nothing new; -1 if the data is invalid */
function refineOthers(
  reader: BitReader,
  { from, to, others }: ProgressiveScan,
  { flags, blocksToSkip }: BlockState,
): number {
  let k = from;
  let left = blocksToSkip;
  while (left === 0 && k <= to) {
    const symbol = others === undefined ? -1 : readSymbol(reader, others);
    if (symbol < 0 || (symbol & 15) > 1) return -1;
    let run = symbol >> 4;
    const isNew = (symbol & 15) === 1;
    if (!isNew && run < 15) {
      left = runLength(reader, run);
      break;
    }
    if (isNew) readBits(reader, 1);
    // Passes over zeros, as many as the run says, and reads a bit for every nonzero coefficient among them.
    for (; k <= to; k++) {
      if (flags[k] !== 0) readBits(reader, 1);
      else if (run-- === 0) break;
    }
    if (isNew && k > to) return -1;
    if (isNew) flags[k] = 1;
    k++;
  }
  if (left === 0) return 0;
  for (; k <= to; k++) if (flags[k] !== 0) readBits(reader, 1);
  return left - 1;
}
