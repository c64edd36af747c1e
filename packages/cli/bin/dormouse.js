#!/usr/bin/env node
// npm links a workspace's commands when it installs, which is before anything is built; so the link points here.
import '../dist/main.js';
