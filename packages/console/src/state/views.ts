/** The main views, in the order in which they are offered: also the first part of each address. */
export const VIEWS = ['source', 'evidence', 'tail', 'fleet', 'governance'] as const;

export type View = (typeof VIEWS)[number];
