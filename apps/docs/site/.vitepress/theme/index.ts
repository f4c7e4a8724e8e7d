/** The default theme, with formulas and the explorer. */

import { defineClientComponent, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import 'katex/dist/katex.min.css';
import './style.css';

const Explorer = defineClientComponent(() => import('./explorer.ts'));

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component('Explorer', Explorer);
  },
} satisfies Theme;
