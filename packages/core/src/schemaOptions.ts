import { z } from 'zod';

/** One option of a schema, in words. */
export interface SchemaOption {
  /** Dotted path, such as `training.schedule.kind`. */
  readonly path: string;
  /** What it may be, such as `an integer of at least 1`. */
  readonly values: string;
  /** The texts that it is limited to, or, of an option that may also be something else, those with a meaning of their own. */
  readonly choices?: readonly string[];
  /** Its value when it is not given; undefined if it then stays unset. */
  readonly default?: unknown;
  /** The description in the schema. */
  readonly description: string;
}

/**
 * Every option of a schema, in the order of the schema, with those of nested objects. A nested object has an entry of its
 * own only if it may be absent or be something else. Options of the objects in a list `rows` are `rows[].key`.
 * @param path prefix of the paths, such as `training`
 */
export function listSchemaOptions(schema: z.ZodType, path = ''): SchemaOption[] {
  const { inner, isOptional, description, fallback } = unwrap(schema);
  const nested = objectsIn(inner).flatMap(({ shape }) =>
    Object.entries(shape).flatMap(([name, field]) => {
      const parent = inner instanceof z.ZodArray ? `${path}[]` : path;
      return listSchemaOptions(field as z.ZodType, parent === '' ? name : `${parent}.${name}`);
    }),
  );
  if (inner instanceof z.ZodObject && !isOptional) return nested;
  const choices = choicesOf(inner);
  const option = { path, values: allowedValues(inner), default: fallback, description };
  return [choices.length === 0 ? option : { ...option, choices }, ...nested];
}

/** The texts among the values of a schema. */
function choicesOf(schema: z.ZodType): string[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap(choicesOf);
  if (inner instanceof z.ZodEnum) return inner.options.map(String);
  if (inner instanceof z.ZodLiteral)
    return [...inner.values].filter((value) => typeof value === 'string');
  return [];
}

/** An option's value as it is written in YAML and on a command line. */
export function optionValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(optionValue).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The objects that a value may be or hold. */
function objectsIn(schema: z.ZodType): z.ZodObject[] {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodObject) return [inner];
  if (inner instanceof z.ZodUnion) return (inner.options as z.ZodType[]).flatMap(objectsIn);
  return inner instanceof z.ZodArray ? objectsIn(inner.element as z.ZodType) : [];
}

interface Unwrapped {
  /** Neither optional nor a default, pipe or preprocessing. */
  readonly inner: z.ZodType;
  readonly isOptional: boolean;
  /** Of the outermost schema that has one. */
  readonly description: string;
  readonly fallback: unknown;
}

function unwrap(schema: z.ZodType): Unwrapped {
  const inside = innerSchema(schema);
  const { description = '' } = schema;
  if (inside === undefined)
    return { inner: schema, isOptional: false, description, fallback: undefined };
  const found = unwrap(inside);
  const hasDefault = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return {
    inner: found.inner,
    isOptional: (found.isOptional || schema instanceof z.ZodOptional) && !hasDefault,
    description: description === '' ? found.description : description,
    fallback: hasDefault ? schema.def.defaultValue : found.fallback,
  };
}

function innerSchema(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) {
    const { in: before, out: after } = schema;
    return (before instanceof z.ZodTransform ? after : before) as z.ZodType;
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return schema.unwrap() as z.ZodType;
  return undefined;
}

/** What a value may be: the words of the schema's error if it has them, else from its type and limits. */
function allowedValues(schema: z.ZodType): string {
  const { inner } = unwrap(schema);
  const error = (inner.def.error as ((issue: unknown) => unknown) | undefined)?.({});
  if (typeof error === 'string') return error;
  if (inner instanceof z.ZodEnum) return inner.options.join(', ');
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(optionValue).join(', ');
  if (inner instanceof z.ZodBoolean) return 'true, false';
  if (inner instanceof z.ZodNumber) return allowedNumbers(inner);
  if (inner instanceof z.ZodUnion)
    return [...new Set((inner.options as z.ZodType[]).map(allowedValues))].join(', or ');
  if (inner instanceof z.ZodTuple) {
    const items = inner.def.items as z.ZodType[];
    return `${items.length} values, each ${allowedValues(items[0])}`;
  }
  if (inner instanceof z.ZodArray) {
    const element = inner.element as z.ZodType;
    const each = allowedValues(element);
    return unwrap(element).inner instanceof z.ZodEnum
      ? `one or more of ${each}`
      : `a list, each ${each}`;
  }
  if (inner instanceof z.ZodRecord) return 'a mapping';
  return inner instanceof z.ZodObject ? 'an object of options' : 'text';
}

/** The limit of seeds is that of their type, which nobody needs to know. */
const LARGEST_SEED = 2 ** 32 - 1;

function allowedNumbers({ def }: z.ZodNumber): string {
  const checks = [
    def,
    ...(def.checks ?? []).map((check) => check._zod.def),
  ] as readonly NumberCheck[];
  const kind = checks.some(({ format }) => format !== undefined) ? 'an integer' : 'a number';
  const lower = checks.find(({ check }) => check === 'greater_than');
  const upper = checks.find(({ check, value }) => check === 'less_than' && value! < LARGEST_SEED);
  if (lower?.inclusive && upper?.inclusive) return `${kind} from ${lower.value} to ${upper.value}`;
  const limits = [
    ...(lower === undefined ? [] : [`${lower.inclusive ? 'of at least' : 'above'} ${lower.value}`]),
    ...(upper === undefined ? [] : [`${upper.inclusive ? 'of at most' : 'below'} ${upper.value}`]),
  ];
  return [kind, limits.join(' and ')].filter((text) => text !== '').join(' ');
}

/** What zod keeps of `min`, `gt`, `max`, `lt` and of integers. */
interface NumberCheck {
  readonly check?: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly format?: string;
}
