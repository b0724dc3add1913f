/** The part that all implementations of `Headers` share. */
export interface HeadersLike {
  /** Returns the value of a header, or `null` if it is missing. */
  get(name: string): string | null;
}

interface RequestLike {
  readonly method: string;
  readonly headers: HeadersLike;
  readonly body: unknown;
}

interface ResponseLike {
  readonly status: number;
  readonly headers: HeadersLike;
  text(): Promise<string>;
}

/** The `Request` of the runtime, or its relevant part if its types are not loaded: these declarations need no DOM types. */
export type WebRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : RequestLike;

/** The `Response` of the runtime, or its relevant part. */
export type WebResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : ResponseLike;

/** The `Headers` of the runtime, or its relevant part. */
export type WebHeaders = typeof globalThis extends { Headers: { prototype: infer H } } ? H : HeadersLike;
