import { axiosOptions, explainAxios } from './clients/axios.ts';
import { gotOptions } from './clients/got.ts';
import { agentOptions } from './undici/agent-options.ts';
import { interceptor } from './undici/interceptor.ts';

/**
 * An interceptor for undici 6, 7 and 8:
 *
 *     setGlobalDispatcher(new Agent(guard.agentOptions).compose(guard()));
 *
 * and the options of other clients: `got.extend(guard.got())`, `axiosRetry(axios, guard.axios())`,
 * `guard.axios.explain(axios)`.
 */
export const guard = Object.assign(interceptor, {
  agentOptions,
  got: gotOptions,
  axios: Object.assign(axiosOptions, { explain: explainAxios }),
});
