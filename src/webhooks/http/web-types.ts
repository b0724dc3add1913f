/** The part that all implementations of `Headers` share. */
export interface HeadersLike {
  /** Returns the value of a header, or `null` if it is missing. */
  get(name: string): string | null;
}

/** What these declarations require of a `Request` if the DOM types are not loaded. */
export interface RequestLike {
  /** The method, in upper case. */
  readonly method: string;
  /** The headers. */
  readonly headers: HeadersLike;
  /** The body as a stream, or `null` if there is none. */
  readonly body: unknown;
}

/** What these declarations require of a `Response` if the DOM types are not loaded. */
export interface ResponseLike {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: HeadersLike;
  /** Returns the body as text. */
  text(): Promise<string>;
}

/** The `Request` of the runtime, or its relevant part if its types are not loaded: these declarations need no DOM types. */
export type WebRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : RequestLike;

/** The `Response` of the runtime, or its relevant part. */
export type WebResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : ResponseLike;

/** The `Headers` of the runtime, or its relevant part. */
export type WebHeaders = typeof globalThis extends { Headers: { prototype: infer H } } ? H : HeadersLike;
