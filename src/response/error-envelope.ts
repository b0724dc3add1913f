import { SHOWN_LENGTH } from "./decode-body.js";

/** The code and the message of an error body. */
export interface ErrorEnvelope {
  /** At most 16,384 characters; `null` if the body has no code. */
  readonly errorCode: string | null;
  /** At most 16,384 characters; `null` if the body has no message. */
  readonly errorMessage: string | null;
}

/**
 * Finds the code and the message in an error body of any shape that Wise's documentation shows: OAuth (`error`,
 * `error_description`), lists (`errors[].code`, `errors[].message` or `.detail`), problem details (`code`, `detail`, `title`),
 * `message` alone, the state of a production (`errorCode`, `description`), plain text, HTML and an empty body.
 *
 * @param body the parsed body, or its text if it is not JSON.
 * @see https://docs.wise.com/guides/developer/errors
 */
export function parseErrorEnvelope(body: unknown): ErrorEnvelope {
  if (typeof body === "string") return { errorCode: null, errorMessage: plainText(body) };
  const fields: Record<string, unknown> = Object(body);
  const { errors } = fields;
  const first: Record<string, unknown> = Object(Array.isArray(errors) ? errors[0] : undefined);
  return {
    errorCode: firstText(fields["errorCode"], fields["code"], first["code"], fields["error"]),
    errorMessage: firstText(
      fields["error_description"],
      fields["message"],
      fields["description"],
      fields["detail"],
      first["message"],
      first["detail"],
      fields["title"],
    ),
  };
}

function firstText(...values: readonly unknown[]): string | null {
  const found = values.find((value): value is string => typeof value === "string" && value !== "");
  return found?.slice(0, SHOWN_LENGTH) ?? null;
}

/** Returns a text that is a message. HTML is not, and neither is truncated JSON, which would put all of its fields into logs. */
function plainText(text: string): string | null {
  const trimmed = text.trim();
  // A message may begin with `[redacted]`, which is not JSON.
  return /^(?!\[redacted])[<{[]/.test(trimmed) ? null : firstText(trimmed);
}
