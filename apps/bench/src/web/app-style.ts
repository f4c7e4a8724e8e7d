/** What the page adds to the report's style sheet. */
export const appStyle = `
button, .button, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .4rem .8rem; cursor: pointer; min-height: 2.5rem; }
button.main { background: var(--ours); border-color: var(--ours); color: var(--back); font-weight: 600; }
button:disabled { opacity: .5; cursor: default; }
:focus-visible, .button:focus-within { outline: 3px solid var(--ours); outline-offset: 2px; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem; border-bottom: 1px solid var(--line); margin: 1rem 0; }
.tabs button { border: 0; border-bottom: 3px solid transparent; border-radius: 0; background: none; }
.tabs button[aria-selected="true"] { border-bottom-color: var(--ours); font-weight: 600; }
.choices { border: 0; padding: 0; margin: .75rem 0; display: flex; flex-wrap: wrap; gap: .35rem; min-width: 0; }
.choices legend { color: var(--quiet); font-size: .875rem; padding: 0; margin-bottom: .25rem; }
.choices label { display: inline-flex; align-items: center; gap: .4rem; border: 1px solid var(--line); border-radius: 99px; padding: .2rem .7rem; min-height: 2rem; cursor: pointer; }
.choices label:has(:checked) { border-color: var(--ours); background: var(--card); }
.actions { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .75rem 0; }
.hidden-input { position: absolute; width: 1px; height: 1px; opacity: 0; }
.progress { min-height: 3.5rem; } progress { width: 100%; accent-color: var(--ours); }
.banner.bad { background: var(--bad); color: var(--back); font-weight: 600; }
.slider { display: inline-flex; flex-direction: column; min-width: 9rem; font-size: .875rem; } .slider output { color: var(--quiet); }
.slider input { accent-color: var(--ours); }
.formula { background: var(--card); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
button.link { border: 0; background: none; padding: 0; min-height: 0; color: var(--ours); text-decoration: underline; text-align: left; }
.grades caption { text-align: left; color: var(--quiet); font-size: .875rem; padding: .3rem .6rem; }
.matrix td { white-space: normal; min-width: 7.5rem; line-height: 1.35; vertical-align: top; color: var(--quiet); } .matrix td strong { color: var(--text); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; }
.figures figcaption { color: var(--quiet); font-size: .875rem; } .figures .key svg { display: inline; vertical-align: .1rem; }
:root { --third: #1a7f4b; --fourth: #8250b8; } @media (prefers-color-scheme: dark) { :root { --third: #6fd3a0; --fourth: #c9a6f5; } }
.stroke-0 { stroke: var(--ours); } .stroke-1 { stroke: var(--peer); } .stroke-2 { stroke: var(--third); }
.stroke-3 { stroke: var(--fourth); } .stroke-4 { stroke: var(--quiet); } .stroke-5 { stroke: var(--text); }
.empty { background: var(--card); border: 1px dashed var(--line); border-radius: 8px; padding: 1.2rem 1.4rem; max-width: none; color: var(--quiet); }
.curve { max-width: 760px; min-height: 200px; }
.curve svg { max-width: 100%; height: auto; }
select { max-width: 100%; }
.actions label { max-width: 100%; min-width: 0; }
main > section h2, [role=tabpanel] > section > h2 { border: 0; margin-top: .5rem; padding: 0; }
.curve .line.peer { stroke-opacity: 1; }
`;
