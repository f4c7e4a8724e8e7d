/** The report's own style sheet: light and dark, from a telephone to a wide screen. */
export const style = `
:root { color-scheme: light dark; --text: #1c2430; --quiet: #5b6675; --back: #fff; --card: #f6f8fa; --line: #d5dbe2;
  --ours: #0b6bcb; --peer: #b3540a; --warn: #8a4b00; --warn-back: #fff3d6; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9f0; --quiet: #9aa7b6; --back: #12161c; --card: #1a2028;
  --line: #323c48; --ours: #6cb6ff; --peer: #f0a35e; --warn: #ffd58a; --warn-back: #3a2c10; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem clamp(.75rem, 3vw, 2.5rem) 4rem; max-width: 76rem; background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .25rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .35rem 0; max-width: 70ch; }
.quiet { color: var(--quiet); }
.banner { background: var(--warn-back); color: var(--warn); padding: .6rem .9rem; border-radius: 8px; margin: 1rem 0; max-width: none; }
.failed { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--back); }
thead th { color: var(--quiet); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; }
td.best { font-weight: 700; }
.tag { font-size: .75rem; color: var(--quiet); border: 1px solid var(--line); border-radius: 99px; padding: 0 .45rem; margin-left: .15rem; display: inline-block; }
figure { margin: .25rem 0 .75rem; }
figure svg { display: block; max-width: 100%; height: auto; overflow: visible; color: var(--text); }
.narrow { display: none; }
@media (max-width: 620px) { .wide { display: none; } .narrow { display: block; } body { font-size: 15px; }
  th:first-child { white-space: normal; min-width: 8.5rem; max-width: 10rem; } th:first-child .tag { margin: 0 .3rem 0 0; } }
.interval.ours { stroke: var(--ours); stroke-opacity: .35; } .interval.peer { stroke: var(--peer); stroke-opacity: .35; }
.dot.ours { fill: var(--ours); stroke: var(--ours); } .dot.peer { fill: var(--back); stroke: var(--peer); stroke-width: 2.5; }
.line { stroke-width: 2; } .line.ours { stroke: var(--ours); } .line.peer { stroke: var(--peer); stroke-opacity: .75; } .line.roof { stroke: var(--quiet); stroke-dasharray: 5 4; }
.label.ours { fill: var(--ours); } .label.peer { fill: var(--peer); } .label.roof { fill: var(--quiet); stroke: none; }
.roof line, line.roof { stroke: var(--quiet); } .roof { stroke: var(--quiet); } .roof-label { fill: var(--quiet); }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; color: var(--quiet); font-size: .875rem; list-style: none; padding: 0; margin: .5rem 0; }
.key span { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .4rem; border: 2.5px solid var(--peer); vertical-align: -.05rem; }
.key .ours { background: var(--ours); border-color: var(--ours); }
.key .line { width: 1.2rem; height: 0; border: 0; border-top: 2px dashed var(--quiet); border-radius: 0; vertical-align: .25rem; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--quiet); }
ul.reasons { padding-left: 1.2rem; margin: .35rem 0; overflow-wrap: anywhere; }
`;
