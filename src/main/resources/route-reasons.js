// Camel's own start and stop of a route take no reason, so the engine refuses them. The console's buttons ask for one and go
// to the operations that take it; without one those say so and do nothing.
(() => {
  const operations = { 'start()': 'startRoute', 'stop()': 'stopRoute' };
  const send = window.fetch.bind(window);
  let last = '';

  const withReason = (request) => {
    const operation = request && request.type === 'exec' ? operations[request.operation] : undefined;
    const bean = operation && /^org\.apache\.camel:/.test(request.mbean) && /\btype=routes\b/.test(request.mbean);
    const route = bean && /\bname="([^"]*)"/.exec(request.mbean);
    if (!route) {
      return request;
    }
    const given = window.prompt(`${request.operation} of route ${route[1]}: why? It stays in the history.`, last);
    last = given || last;
    return { type: 'exec', mbean: 'io.waybill:type=Operations', operation, arguments: [route[1], given || ''] };
  };

  window.fetch = (address, options) => {
    if (!options || typeof options.body !== 'string' || !options.body.includes('type=routes')) {
      return send(address, options);
    }
    const asked = JSON.parse(options.body);
    const body = JSON.stringify(Array.isArray(asked) ? asked.map(withReason) : withReason(asked));
    return send(address, { ...options, body });
  };
})();
