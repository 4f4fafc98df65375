import { z } from 'zod';

/** Names of the options at a path of a schema; none where the path leads to no object. */
export function schemaKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<z.ZodType | undefined>(
    (current, key) =>
      (current instanceof z.ZodArray ? current.element : objectIn(current)?.shape[String(key)]) as
        z.ZodType | undefined,
    schema,
  );
  return Object.keys(objectIn(found)?.shape ?? {});
}

/** The object schema inside defaults, pipes, unions and optionals. */
function objectIn(schema: z.ZodType | undefined): z.ZodObject | undefined {
  if (schema === undefined || schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe)
    return objectIn(schema.in as z.ZodType) ?? objectIn(schema.out as z.ZodType);
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).map(objectIn).find((option) => option !== undefined);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return objectIn(schema.unwrap() as z.ZodType);
  return undefined;
}
