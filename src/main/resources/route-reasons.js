// Camel's own start, stop and trace of routes take no reason, so the engine refuses them. The console's buttons ask for one and
// go to the operations that take it; without one those say so and do nothing.
(() => {
  const operations = { 'start()': 'startRoute', 'stop()': 'stopRoute' };
  const send = window.fetch.bind(window);
  let last = '';

  const why = (what) => {
    const given = window.prompt(`${what}: why? It stays in the history.`, last);
    last = given || last;
    return given || '';
  };

  const ours = (operation, ...given) => ({
    type: 'exec',
    mbean: 'io.waybill:type=Operations',
    operation,
    arguments: given,
  });

  // the console also sets what is so already, when it opens the view; that changes nothing and needs no reason
  const trace = async (request, ask) => {
    const on = String(request.arguments[0]) === 'true';
    const look = { type: 'read', mbean: request.mbean, attribute: 'Enabled' };
    const answer = await ask(look);
    const isOn = answer.ok ? (await answer.json()).value : undefined;
    return isOn === on ? look : ours('switchTrace', on, why(`trace ${on ? 'on' : 'off'}`));
  };

  const withReason = async (request, ask) => {
    if (!request || request.type !== 'exec' || !/^org\.apache\.camel:/.test(request.mbean)) {
      return request;
    }
    if (/\btype=tracer\b/.test(request.mbean) && /^setEnabled\b/.test(request.operation)) {
      return trace(request, ask);
    }
    const operation = /\btype=routes\b/.test(request.mbean) ? operations[request.operation] : undefined;
    const route = operation && /\bname="([^"]*)"/.exec(request.mbean);
    return route ? ours(operation, route[1], why(`${request.operation} of route ${route[1]}`)) : request;
  };

  // the button of the trace shows what was asked for, whatever became of it: pressed again it shows what is so
  const told = async (requests, answer) => {
    const answers = answer.ok ? [].concat(await answer.clone().json()) : [];
    const refused = requests.findIndex((request, i) => request.operation === 'switchTrace' && answers[i]?.error);
    if (refused >= 0) {
      window.alert(answers[refused].error);
      document.querySelector('#trace-header-container button')?.click();
    }
    return answer;
  };

  window.fetch = async (address, options) => {
    if (!options || typeof options.body !== 'string' || !/type=(routes|tracer)/.test(options.body)) {
      return send(address, options);
    }
    const ask = (body) => send(address, { ...options, body: JSON.stringify(body) });
    const asked = JSON.parse(options.body);
    const requests = [];
    for (const request of [].concat(asked)) {
      requests.push(await withReason(request, ask));
    }
    const answer = await ask(Array.isArray(asked) ? requests : requests[0]);
    return requests.some((request) => request.operation === 'switchTrace') ? told(requests, answer) : answer;
  };
})();
