import type { InputError } from '@nonlocal-med/core';
import type { ByteReader } from './byteReader.js';
import { PickledGlobal, PickledTuple } from './pickledValues.js';
import { callGlobal, isAllowedGlobal, storageOf } from './torchGlobals.js';

/** Far above any real checkpoint (about 45 per tensor), and low enough that a hostile file stays cheap. */
const MAX_INSTRUCTIONS = 4_000_000;
/** Limit on lists, tuples and dictionaries. */
const MAX_CONTAINERS = 1_000_000;
const MAX_NAME_BYTES = 256;
/** Bytes of an integer; torch's magic number has 10. */
const MAX_INTEGER_BYTES = 16;

/**
 * Runs a pickle's instructions on plain data. Only the instructions that torch.save writes are supported, only the names
 * in torchGlobals are allowed, and nothing else is imported, constructed or called. There is no recursion; time and memory
 * grow with the bytes read, within the limits above.
 * @returns null, booleans, numbers, bigints, strings, byte arrays, arrays, Maps and the classes of pickledValues
 * @throws InputError naming the refused global or instruction
 */
export function unpickle(reader: ByteReader): unknown {
  const machine = new PickleMachine(reader);
  for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
    const code = reader.uint8();
    if (code === STOP) return machine.result();
    const instruction = INSTRUCTIONS[code];
    if (instruction === undefined)
      throw reader.error(
        `uses pickle instruction 0x${code.toString(16).padStart(2, '0')}, which weight files do not need`,
      );
    instruction(machine, reader);
  }
  throw reader.error(`contains a pickle of more than ${MAX_INSTRUCTIONS} instructions`);
}

const STOP = 0x2e;

class PickleMachine {
  private stack: unknown[] = [];
  private readonly outerStacks: unknown[][] = [];
  private readonly memo = new Map<number, unknown>();
  private containers = 0;
  private work = 0;
  readonly error: (message: string) => InputError;

  constructor(reader: ByteReader) {
    this.error = (message) => reader.error(`contains a pickle that ${message}`);
  }

  /** Counts what an instruction looks at beyond itself: a short file may have the same long list read many times. */
  count(elements: number): void {
    this.work += elements;
    if (this.work > MAX_INSTRUCTIONS)
      throw this.error(`reads more than ${MAX_INSTRUCTIONS} elements of lists`);
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pushContainer(value: unknown[] | PickledTuple | Map<unknown, unknown>): void {
    if (++this.containers > MAX_CONTAINERS)
      throw this.error(`creates more than ${MAX_CONTAINERS} lists and dictionaries`);
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw this.error('pops a value from an empty stack');
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) throw this.error('reads a value from an empty stack');
    return this.stack.at(-1);
  }

  popTuple(length: number): void {
    if (this.stack.length < length) throw this.error('pops more values than the stack has');
    this.pushContainer(new PickledTuple(this.stack.splice(this.stack.length - length)));
  }

  mark(): void {
    if (++this.containers > MAX_CONTAINERS)
      throw this.error(`creates more than ${MAX_CONTAINERS} lists and dictionaries`);
    this.outerStacks.push(this.stack);
    this.stack = [];
  }

  /** Pops the values since the last mark. */
  popMark(): unknown[] {
    const outer = this.outerStacks.pop();
    if (outer === undefined) throw this.error('pops a mark that was never set');
    const items = this.stack;
    this.stack = outer;
    return items;
  }

  store(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.store(this.memo.size);
  }

  load(index: number): void {
    if (!this.memo.has(index)) throw this.error(`recalls value ${index}, which was never stored`);
    this.push(this.memo.get(index));
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.error('appends to something that is not a list');
    for (const item of items) (list as unknown[]).push(item);
  }

  setItems(items: readonly unknown[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || items.length % 2 !== 0)
      throw this.error('sets items of something that is not a dictionary');
    for (let i = 0; i < items.length; i += 2) dictionary.set(items[i], items[i + 1]);
  }

  /** Drops attributes: an OrderedDict only has `_metadata`, a parameter none that matter. */
  build(): void {
    this.pop();
    if (this.top() instanceof PickledGlobal)
      throw this.error(`sets the state of '${(this.top() as PickledGlobal).name}'`);
  }

  pushGlobal(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw this.error('refers to a name that is not text');
    const full = `${module}.${name}`;
    if (!isAllowedGlobal(full)) {
      const shown = full.length > MAX_NAME_BYTES ? `${full.slice(0, MAX_NAME_BYTES)}...` : full;
      throw this.error(
        `refers to '${shown}': only tensors and dictionaries of them are read, and nothing is run. Save the weights with torch.save(model.state_dict(), path)`,
      );
    }
    this.push(new PickledGlobal(full));
  }

  reduce(): void {
    const parameters = this.pop();
    this.count(elementsOf(parameters));
    const result = callGlobal(this.pop(), parameters, this.error);
    if (result instanceof Map || result instanceof PickledTuple) this.pushContainer(result);
    else this.push(result);
  }

  result(): unknown {
    if (this.outerStacks.length > 0) throw this.error('ends inside a mark');
    return this.pop();
  }
}

/** Elements in the arguments of a call, which may be lists themselves. */
function elementsOf(parameters: unknown): number {
  if (!(parameters instanceof PickledTuple)) return 0;
  const lengths = parameters.items.map((item) =>
    item instanceof PickledTuple ? item.items.length : Array.isArray(item) ? item.length : 0,
  );
  return lengths.reduce((sum, length) => sum + length, parameters.items.length);
}

type Instruction = (machine: PickleMachine, reader: ByteReader) => void;

/** Instructions by code, with their names in Python's pickletools. */
const INSTRUCTIONS: Readonly<Partial<Record<number, Instruction>>> = {
  0x80: (machine, reader) => {
    const protocol = reader.uint8(); // PROTO
    if (protocol > 5) throw machine.error(`is of protocol ${protocol}`);
  },
  0x95: (_, reader) => void reader.length64(), // FRAME
  0x28: (machine) => machine.mark(), // MARK
  0x30: (machine) => void machine.pop(), // POP
  0x31: (machine) => void machine.popMark(), // POP_MARK
  0x32: (machine) => machine.push(machine.top()), // DUP
  0x4e: (machine) => machine.push(null), // NONE
  0x88: (machine) => machine.push(true), // NEWTRUE
  0x89: (machine) => machine.push(false), // NEWFALSE
  0x4a: (machine, reader) => machine.push(reader.int32()), // BININT
  0x4b: (machine, reader) => machine.push(reader.uint8()), // BININT1
  0x4d: (machine, reader) => machine.push(reader.uint16()), // BININT2
  0x8a: (machine, reader) => machine.push(longInteger(reader, reader.uint8())), // LONG1
  0x8b: (machine, reader) => machine.push(longInteger(reader, reader.uint32())), // LONG4
  0x47: (machine, reader) => machine.push(reader.float64BigEndian()), // BINFLOAT
  0x58: (machine, reader) => machine.push(reader.text(reader.uint32())), // BINUNICODE
  0x8c: (machine, reader) => machine.push(reader.text(reader.uint8())), // SHORT_BINUNICODE
  0x8d: (machine, reader) => machine.push(reader.text(reader.length64())), // BINUNICODE8
  0x54: (machine, reader) => machine.push(reader.text(reader.uint32())), // BINSTRING
  0x55: (machine, reader) => machine.push(reader.text(reader.uint8())), // SHORT_BINSTRING
  0x42: (machine, reader) => machine.push(reader.take(reader.uint32())), // BINBYTES
  0x43: (machine, reader) => machine.push(reader.take(reader.uint8())), // SHORT_BINBYTES
  0x5d: (machine) => machine.pushContainer([]), // EMPTY_LIST
  0x61: (machine) => {
    const item = machine.pop(); // APPEND
    machine.append([item]);
  },
  0x65: (machine) => machine.append(machine.popMark()), // APPENDS
  0x29: (machine) => machine.pushContainer(new PickledTuple([])), // EMPTY_TUPLE
  0x74: (machine) => machine.pushContainer(new PickledTuple(machine.popMark())), // TUPLE
  0x85: (machine) => machine.popTuple(1), // TUPLE1
  0x86: (machine) => machine.popTuple(2), // TUPLE2
  0x87: (machine) => machine.popTuple(3), // TUPLE3
  0x7d: (machine) => machine.pushContainer(new Map()), // EMPTY_DICT
  0x73: (machine) => {
    const value = machine.pop(); // SETITEM
    const key = machine.pop();
    machine.setItems([key, value]);
  },
  0x75: (machine) => machine.setItems(machine.popMark()), // SETITEMS
  0x63: (machine, reader) =>
    machine.pushGlobal(reader.line(MAX_NAME_BYTES), reader.line(MAX_NAME_BYTES)), // GLOBAL
  0x93: (machine) => {
    const name = machine.pop(); // STACK_GLOBAL
    machine.pushGlobal(machine.pop(), name);
  },
  0x52: (machine) => machine.reduce(), // REDUCE
  0x62: (machine) => machine.build(), // BUILD
  0x51: (machine) => machine.push(storageOf(machine.pop(), machine.error)), // BINPERSID
  0x71: (machine, reader) => machine.store(reader.uint8()), // BINPUT
  0x72: (machine, reader) => machine.store(reader.uint32()), // LONG_BINPUT
  0x94: (machine) => machine.memoize(), // MEMOIZE
  0x68: (machine, reader) => machine.load(reader.uint8()), // BINGET
  0x6a: (machine, reader) => machine.load(reader.uint32()), // LONG_BINGET
};

/** A little-endian two's-complement integer, as a number if that is exact. */
function longInteger(reader: ByteReader, length: number): number | bigint {
  if (length > MAX_INTEGER_BYTES) throw reader.error(`contains an integer of ${length} bytes`);
  const bytes = reader.take(length);
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  value = BigInt.asIntN(8 * length, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
