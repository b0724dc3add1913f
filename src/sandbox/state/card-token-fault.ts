/** What is wrong with the token of a card that the command line cannot name. The client can, if it has whitespace around it. */
export const CARD_TOKEN_FAULT = "must be the token of a card, without whitespace around it, and not '.' or '..'";
