// Begins the help on the sign-up page once the browser has nothing else to do. Where it cannot be loaded, nothing is
// different.
import begin from './help.js';

// Safari has no requestIdleCallback.
const idle = window.requestIdleCallback ?? setTimeout;
const start = () => idle(() => begin().catch(() => {}));
if (document.readyState === 'complete') start();
else addEventListener('load', start, { once: true });
