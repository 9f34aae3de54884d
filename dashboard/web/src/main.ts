import { mount } from 'svelte';
import './ui/base.css';
import { App } from './app.svelte.ts';
import AppView from './App.svelte';
import { browserClock } from './system/clock.ts';
import { browserEntropy } from './system/entropy.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('the page has no #app element');
mount(AppView, { target, props: { app: new App({ clock: browserClock, entropy: browserEntropy }) } });
