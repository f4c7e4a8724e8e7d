/** Entry of the page. */
import { render } from 'preact';
import { style } from '../report/style.ts';
import { App } from './app.tsx';
import { appStyle } from './app-style.ts';

const sheet = document.createElement('style');
sheet.textContent = style + appStyle;
document.head.append(sheet);

const place = document.getElementById('app');
if (place) render(<App />, place);
