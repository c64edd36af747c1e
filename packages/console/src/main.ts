import { mount } from 'svelte';
import './theme/tokens.css';
import './theme/tones.css';
import './theme/base.css';
import Console from './Console.svelte';

mount(Console, { target: document.querySelector('#console')! });
