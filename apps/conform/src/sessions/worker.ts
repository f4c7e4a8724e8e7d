/** Entry of the child process that holds one group: what it does to itself, it does to nothing else. */
import { loadNodeGroup } from '../subjects/node.ts';
import { serve } from './serve.ts';

serve(loadNodeGroup);
