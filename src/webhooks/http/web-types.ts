/** What every implementation of `Headers` has. */
export interface HeadersLike {
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

/** The `Request` of the runtime. Where its types are not loaded, the part that matters here: the declarations need no DOM. */
export type WebRequest = typeof globalThis extends { Request: { prototype: infer R } } ? R : RequestLike;

/** The `Response` of the runtime, or the part of it that matters here. */
export type WebResponse = typeof globalThis extends { Response: { prototype: infer R } } ? R : ResponseLike;

/** The `Headers` of the runtime, or the part of it that matters here. */
export type WebHeaders = typeof globalThis extends { Headers: { prototype: infer H } } ? H : HeadersLike;
