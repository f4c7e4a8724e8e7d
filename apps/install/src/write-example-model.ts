import { writeFileSync } from 'node:fs';
import { exampleModel, exampleModelFile } from './example-model.ts';

writeFileSync(exampleModelFile, exampleModel());
