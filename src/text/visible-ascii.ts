/** Text of visible ASCII characters only, at least one: nothing in it can end a header field or begin another. */
export const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
