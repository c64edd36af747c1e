import { listen, logger } from '../listen.js';
import { createTradesApp } from './app.js';
import { surroundingsFor } from './surroundings.js';

/**
 * `FRAUD_URL`: where the fraud service listens, default http://127.0.0.1:8081.
 * `TRADES_SEED`: a number that makes all answers reproducible; default: real time and chance.
 */
const { FRAUD_URL: fraudUrl = 'http://127.0.0.1:8081', TRADES_SEED: seed } = process.env;

const surroundings = surroundingsFor(seed === undefined ? undefined : Number(seed));
await listen(createTradesApp({ fraudUrl, surroundings, logger }));
