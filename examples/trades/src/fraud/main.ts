import { listen, logger } from '../listen.js';
import { createFraudApp } from './app.js';

await listen(createFraudApp(logger));
