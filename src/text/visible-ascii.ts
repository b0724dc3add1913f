/** Matches one or more visible ASCII characters. Such text cannot end a header field or begin another. */
export const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
