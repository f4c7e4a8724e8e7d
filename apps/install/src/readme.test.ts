import { expect, test } from 'vitest';
import { instructionsOf } from './readme.ts';

const readme = `# x

    npm install a b     # in a browser
    npm install a b c   # in Node

\`\`\`js
first();
\`\`\`

\`\`\`ts
notRun();
\`\`\`

\`\`\`js
second();
\`\`\`

\`\`\`sh
npm install --ignore-scripts d
\`\`\`

\`\`\`js
third();
\`\`\`
`;

test('install lines that stand together share the samples that follow', () => {
  expect(instructionsOf(readme)).toEqual([
    { install: ['a', 'b'], samples: ['first();\n', 'second();\n'] },
    { install: ['a', 'b', 'c'], samples: ['first();\n', 'second();\n'] },
    { install: ['--ignore-scripts', 'd'], samples: ['third();\n'] },
  ]);
});
