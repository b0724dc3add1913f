import * as z from "zod/mini";

/** Returns a schema that accepts the given texts only. Its `enum` holds them by name, as in the classic API of zod. */
export function closedEnum<const T extends readonly string[]>(texts: T) {
  const schema = z.enum(texts);
  return Object.assign(schema, { enum: schema.def.entries });
}
