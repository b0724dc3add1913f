/** Matches text that is not blank and has no whitespace around it: the id is compared with the one that Wise reports. */
export const KIOSK_ID_PATTERN = /^\S(.*\S)?$/s;
