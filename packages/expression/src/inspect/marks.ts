/** What a look answers where a value could only be had by running the program's code, or is not there. */

/** A getter or setter. */
export const ACCESSOR = Symbol('accessor');
/** A proxy: any question about it would run its traps. */
export const PROXY = Symbol('proxy');
/** No such own property. */
export const ABSENT = Symbol('absent');
