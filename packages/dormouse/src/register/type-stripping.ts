import process from 'node:process';

/** Whether this Node runs TypeScript by itself: from 22.18 on, unless it is told not to. */
export const stripsTypes: boolean = Boolean(process.features.typescript);
