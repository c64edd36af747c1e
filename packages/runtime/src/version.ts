/** Of this package. A constant, since a bundle does not know where its package.json was. */
export const VERSION = '0.1.0';
