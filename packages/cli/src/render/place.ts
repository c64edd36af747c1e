import { EVERYWHERE_PATH } from '@dormouse/protocol';

/** Where something holds, as a person says it. */
export const placeWords = (place: string): string => (place === EVERYWHERE_PATH ? 'everywhere' : place);
