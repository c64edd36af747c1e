/** Says that a request comes from the console's own page: forms and scripts of others cannot send it. */
export const CONSOLE_HEADERS = { 'dormouse-console': '1' };
