import { testForwardAuth } from './forward-auth.ts';
import { startNginx } from './nginx.ts';

testForwardAuth('nginx', 'http', ({ latchkey, wiki, blog, unknown }, port) => startNginx(latchkey, [wiki, blog, unknown], port));
